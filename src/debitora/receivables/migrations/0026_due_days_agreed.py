"""A due day agreed with the customer stands beside the one that the list names."""

from django.db import migrations, models

from debitora.kit.pg.walls import updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0025_group_within_state_of_customer"),
    ]

    operations = [
        migrations.AddField(model_name="itemstate", name="listed_due_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="terms", name="agreed", field=models.BooleanField(db_default=False, default=False)
        ),
        updated_only(
            "receivables_itemstate",
            "raised_minor",
            "open_minor",
            "due_on",
            "listed_due_on",
            "level",
            "last_reminded_on",
            "list_behind",
            "product_group",
        ),
    ]
