"""A booking of a claim that a person asked for names the charge that it became."""

import django.db.models.deletion
from django.db import migrations

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0017_claims_by_arising"),
    ]

    operations = [
        migrations.AddField(
            model_name="claimentry",
            name="charge",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.item",
            ),
        ),
        migrations.RunSQL(
            """alter table receivables_claimentry add constraint receivables_claimentry_charge_id_ref
               foreign key (company_id, charge_id) references receivables_item (company_id, id)""",
            migrations.RunSQL.noop,
        ),
    ]
