"""Claims by the day on which they arose: on the item's state along an index, and added up by year with what is open."""

from pathlib import Path

import django.db.models.functions.comparison
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("receivables", "0016_item_documents")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    (SQL / "open_sums_by_arising.sql").read_text("utf-8"), migrations.RunSQL.noop
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="itemstate", name="issued_on", field=models.DateField(null=True)
                ),
                migrations.AddField(
                    model_name="itemstate",
                    name="arose_on",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Least("issued_on", "due_on"),
                        output_field=models.DateField(),
                    ),
                ),
                migrations.AddIndex(
                    model_name="itemstate",
                    index=models.Index(
                        condition=models.Q(("open_minor__gt", 0)),
                        fields=["company", "arose_on", "item"],
                        name="open_by_arising",
                    ),
                ),
                migrations.AddIndex(
                    model_name="party",
                    index=models.Index(fields=["company", "country"], name="party_by_country"),
                ),
                migrations.AddField(
                    model_name="opensum",
                    name="arose_in",
                    field=models.SmallIntegerField(),
                    preserve_default=False,
                ),
            ],
        )
    ]
