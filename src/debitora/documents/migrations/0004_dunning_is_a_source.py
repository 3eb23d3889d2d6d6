"""What dunning books on the account (fees of notices) comes from a source of its own: no list ever names it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_banks_are_a_source"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="source",
            name="source_kind_known",
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("items", "customers", "bank", "dunning"))),
                name="source_kind_known",
            ),
        ),
    ]
