"""Pages over a million items: what is open is kept added up, and lists sort by name and level along an index."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from debitora.kit.pg.walls import company_table

SQL = Path(__file__).parent.parent / "sql"
OPEN = models.Q(("open_minor", 0), _negated=True)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_saved_views_and_read_marks"),
        ("receivables", "0006_lists_of_a_million"),
    ]
    operations = [
        migrations.CreateModel(
            name="OpenSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("due_on", models.DateField()),
                ("credit", models.BooleanField()),
                ("items", models.BigIntegerField()),
                ("minor", models.DecimalField(decimal_places=0, max_digits=38)),
            ],
        ),
        company_table("receivables_opensum"),
        migrations.RunSQL((SQL / "open_sums.sql").read_text("utf-8"), migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(fields=["company", "level", "item"], name="open_by_level", condition=OPEN),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                fields=["company", "due_on", "item"],
                name="settled_by_due",
                condition=models.Q(("open_minor", 0)),
            ),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                fields=["company", "item"], name="open_behind", condition=models.Q(("list_behind", True))
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["company", "name"], name="party_by_name"),
        ),
    ]
