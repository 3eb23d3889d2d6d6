"""Which product groups a salesperson's customers have open is read off the index of their items, without the items."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0016_views_of_write_offs"),
        ("receivables", "0024_payments_asked_for"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="itemstate", name="state_of_customer"),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                fields=["company", "customer", "item"],
                include=("currency", "due_on", "open_minor", "product_group"),
                name="state_of_customer",
            ),
        ),
    ]
