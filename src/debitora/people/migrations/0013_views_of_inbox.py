"""Views of the inbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_views_of_sales"),
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
                            "inbox",
                            "records",
                        ),
                    )
                ),
                name="view_list_known",
            ),
        ),
    ]
