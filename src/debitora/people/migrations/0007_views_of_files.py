"""Views of bank files can be kept, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_views_of_statements"),
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
                            "records",
                        ),
                    )
                ),
                name="view_list_known",
            ),
        ),
    ]
