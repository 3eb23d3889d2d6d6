"""Views of bank lines can be kept, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_saved_views_and_read_marks"),
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
                        ("items", "customers", "deliveries", "lines", "runs", "notices", "records"),
                    )
                ),
                name="view_list_known",
            ),
        ),
    ]
