"""A pause closes one way of notices or all of them, and may name another in its place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0013_rates"),
        ("people", "0010_views_of_pauses"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="pause",
            name="pause_instead_known",
        ),
        migrations.AddField(
            model_name="pause",
            name="channel",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ("", "mail", "letter"))), name="pause_channel_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("instead__in", ("", "mail", "letter", "call")),
                    models.Q(
                        ("instead", ""),
                        models.Q(("instead", models.F("channel")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="pause_instead_known",
            ),
        ),
    ]
