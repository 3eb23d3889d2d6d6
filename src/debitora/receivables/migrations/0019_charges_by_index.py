"""Charges are found without a look at all items: runs that claim interest leave them out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_views_of_sales"),
        ("receivables", "0018_charge_of_claim_entry"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("kind", "charge")), fields=["company", "id"], name="item_charges"
            ),
        ),
    ]
