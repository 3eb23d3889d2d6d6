"""Views of messages to many customers, and of whom they were meant for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_absences"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="savedview",
            name="view_list_known",
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "list__in",
                        (
                            "items",
                            "customers",
                            "deliveries",
                            "segments",
                            "receivers",
                            "statements",
                            "files",
                            "lines",
                            "differences",
                            "runs",
                            "notices",
                            "calls",
                            "sales",
                            "pauses",
                            "limitation",
                            "cases",
                            "inbox",
                            "records",
                        ),
                    )
                ),
                name="view_list_known",
            ),
        ),
    ]
