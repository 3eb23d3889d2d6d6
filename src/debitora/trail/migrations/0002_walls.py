"""The trail's walls: records and seals are append-only; words may be overwritten when retention ends."""

from django.db import migrations

from debitora.kit.pg.walls import company_table, open_to_dispatcher


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_refusals"), ("trail", "0001_initial")]
    operations = [
        company_table("trail_wording", keep=True),
        company_table("trail_record", references={"wording_id": "trail_wording"}, append_only=True),
        company_table("trail_subject", references={"record_id": "trail_record"}, append_only=True),
        company_table("trail_seal", references={"record_id": "trail_record"}, append_only=True),
        open_to_dispatcher("trail_record", "company_id, id"),
        open_to_dispatcher("trail_seal", "company_id, record_id"),
    ]
