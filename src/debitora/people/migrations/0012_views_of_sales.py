"""Views of what sales is asked can be kept, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_views_of_cases"),
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
                            "sales",
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
