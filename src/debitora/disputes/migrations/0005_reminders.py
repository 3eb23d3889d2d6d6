"""Steps by which whoever answers is reminded and a case is passed on; of one day nobody is reminded twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0004_placings"),
        ("people", "0013_views_of_inbox"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="casestep",
            name="case_step_kind_known",
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "opened",
                            "assigned",
                            "answered",
                            "withdrawn",
                            "commented",
                            "moved",
                            "closed",
                            "reopened",
                            "reminded",
                            "escalated",
                        ),
                    )
                ),
                name="case_step_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "reminded")),
                fields=("company", "case", "assignee_id", "due_on"),
                name="reminded_once_of_a_day",
            ),
        ),
    ]
