"""Of the projection only what an item is worth changes: its keys are a witness that runs check against (decisions/0022)."""

from django.db import migrations

from debitora.kit.pg.walls import updated_only


class Migration(migrations.Migration):
    dependencies = [("receivables", "0008_one_index_for_two")]
    operations = [
        updated_only(
            "receivables_itemstate",
            "raised_minor",
            "open_minor",
            "due_on",
            "level",
            "last_reminded_on",
            "list_behind",
        )
    ]
