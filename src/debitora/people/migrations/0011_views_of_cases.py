"""Views of the board of cases can be kept, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_views_of_pauses"),
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
                            "statements",
                            "files",
                            "lines",
                            "differences",
                            "runs",
                            "notices",
                            "calls",
                            "pauses",
                            "limitation",
                            "cases",
                            "records",
                        ),
                    )
                ),
                name="view_list_known",
            ),
        ),
    ]
