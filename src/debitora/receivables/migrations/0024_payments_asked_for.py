"""Payments that came in lately, for whoever wants to be told: an index for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_views_of_segments"),
        ("receivables", "0023_write_offs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("kind", "payment")), fields=["company", "-id"], name="item_payments"
            ),
        ),
    ]
