"""Whether an address is dead is asked for every mail: a small index answers it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_walls")]
    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("reason", "address_is_dead")),
                fields=["company", "intent"],
                name="attempt_at_dead_address",
            ),
        )
    ]
