"""One index less per table where nothing reads it: a list brings a million rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_walls"),
        ("receivables", "0004_checks_and_search"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="entry",
            name="entry_reversed_once",
        ),
        migrations.RemoveIndex(
            model_name="item",
            name="item_by_customer",
        ),
        migrations.RemoveIndex(
            model_name="itemstate",
            name="open_by_source",
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses", None), _negated=True),
                fields=("company", "reverses"),
                name="entry_reversed_once",
            ),
        ),
    ]
