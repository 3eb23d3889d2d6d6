"""A notice may be a call: it is due, missed, made, or taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_dunning_is_a_source"),
        ("dunning", "0011_pauses"),
        ("people", "0009_views_of_calls"),
        ("receivables", "0012_learn_growth"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="noticeevent",
            name="notice_event_known",
        ),
        migrations.AddIndex(
            model_name="noticeevent",
            index=models.Index(
                condition=models.Q(("kind", "call_due")),
                fields=["company", "notice"],
                name="call_due_of_notice",
            ),
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
                            "call_due",
                            "call_missed",
                            "called",
                            "call_undone",
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
