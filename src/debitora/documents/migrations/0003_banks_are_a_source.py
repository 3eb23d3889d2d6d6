from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_walls"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="source",
            name="source_kind_known",
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("items", "customers", "bank"))), name="source_kind_known"
            ),
        ),
    ]
