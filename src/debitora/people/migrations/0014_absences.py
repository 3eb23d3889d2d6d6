"""Who is away and who stands in; walled as a company's table."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_views_of_inbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("back_on", models.DateField(null=True)),
                ("entered_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["company", "user", "from_on"], name="absences_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("stand_in")), _negated=True),
                        name="nobody_stands_in_for_herself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="absence_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("back_on__isnull", True), ("back_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="absence_left_after_it_begins",
                    ),
                ],
            },
        ),
        company_table("people_absence"),
    ]
