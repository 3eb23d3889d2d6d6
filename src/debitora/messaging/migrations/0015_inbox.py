"""Incoming mails are looked at by whoever reads the inbox, and wait there until somebody has settled them."""

from django.db import migrations, models

from debitora.kit.pg.walls import updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_dunning_is_a_source"),
        ("messaging", "0014_own_mails"),
        ("people", "0012_views_of_sales"),
    ]

    operations = [
        migrations.AddField(
            model_name="incomingmail",
            name="mark",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="incomingmail",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="incomingmail",
            name="sorted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="incomingmail",
            index=models.Index(
                condition=models.Q(("sorted_at", None)), fields=["company", "id"], name="incoming_unsorted"
            ),
        ),
        migrations.AddIndex(
            model_name="incomingmail",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("state__in", ("other", "unread"))),
                fields=["company", "-id"],
                name="incoming_waiting",
            ),
        ),
        updated_only(
            "messaging_incomingmail", "sender", "subject", "recipient", "words", "sorted_at", "settled_at"
        ),
    ]
