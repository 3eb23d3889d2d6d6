"""A notice tells what it claims beside its items, in all and by line (docs/decisions/0044)."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0014_pauses_by_way"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="interest_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="notice",
            name="line_interest_minor",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="line_lump_sum_minor",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="lump_sum_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
