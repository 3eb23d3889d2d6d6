"""A run's notices are compared with the ledger in one order."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("dunning", "0019_copy_mails")]

    operations = [
        migrations.RunSQL((SQL / "references_sorted_once.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
