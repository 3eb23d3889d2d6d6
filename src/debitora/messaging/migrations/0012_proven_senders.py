"""What the domain of a sender publishes, as it was last asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0011_contact_of_intent"),
    ]

    operations = [
        migrations.AddField(
            model_name="sender",
            name="dkim_selector",
            field=models.CharField(blank=True, default="", max_length=63),
        ),
        migrations.AddField(
            model_name="sender",
            name="proofs_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="sender",
            name="proofs_missing",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]
