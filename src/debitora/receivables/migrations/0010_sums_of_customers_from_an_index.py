"""What is open of a customer is added up from the index by customer alone, without a look at each item."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("receivables", "0009_projection_keys_stay")]
    operations = [
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                fields=["company", "customer", "item"],
                include=["currency", "due_on", "open_minor"],
                name="state_of_customer",
            ),
        ),
        migrations.RemoveIndex(model_name="itemstate", name="state_by_customer"),
    ]
