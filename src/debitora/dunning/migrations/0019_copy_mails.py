"""Which notices that left a salesperson was told of: one mail a day."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0018_rhythm"),
        ("people", "0012_views_of_sales"),
    ]

    operations = [
        migrations.CreateModel(
            name="CopyMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("on", models.DateField()),
                (
                    "notices",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "user_id", "on"), name="copy_mail_once_a_day")
                ],
            },
        ),
        company_table("dunning_copymail", append_only=True),
    ]
