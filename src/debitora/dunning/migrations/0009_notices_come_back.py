"""A notice's message may come back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dunning", "0008_lighter_runs")]

    operations = [
        migrations.RemoveConstraint(
            model_name="noticeevent",
            name="notice_event_known",
        ),
        migrations.AddConstraint(
            model_name="noticeevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "withheld",
                            "reinstated",
                            "no_recipient",
                            "rendered",
                            "render_failed",
                            "accepted",
                            "printed",
                            "stopped",
                            "refused",
                            "returned",
                            "cancelled",
                            "ground_withdrawn",
                        ),
                    )
                ),
                name="notice_event_known",
            ),
        ),
    ]
