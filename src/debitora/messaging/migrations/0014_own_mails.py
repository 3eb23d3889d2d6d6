"""What people of the company want to be mailed, and the mails to them: kept, and only a mail's way is written on."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0013_via_of_intent"),
        ("people", "0012_views_of_sales"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("rhythm", models.CharField(max_length=10)),
                ("weekday", models.SmallIntegerField()),
                ("hour", models.SmallIntegerField()),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                (
                    "alerts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("begun_on", models.DateField()),
                ("chosen_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "user_id"), name="mail_choice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rhythm__in", ["never", "daily", "weekly"])),
                        name="mail_rhythm_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hour__gte", 5), ("hour__lte", 20), ("weekday__gte", 0), ("weekday__lte", 4)
                        ),
                        name="mail_moment_usual",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("key", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=2)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("figures", models.JSONField(default=dict)),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("state", models.CharField(default="queued", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                ("queued_at", models.DateTimeField()),
                ("state_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["company", "id"],
                        name="person_mail_queued",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "user_id", "kind", "key"), name="person_mail_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("digest", "alert"))), name="person_mail_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("queued", "started", "sent", "refused", "dropped"))
                        ),
                        name="person_mail_state_known",
                    ),
                ],
            },
        ),
        company_table("messaging_mailchoice", keep=True),
        company_table("messaging_personmail", keep=True),
        updated_only("messaging_personmail", "subject", "text", "html", "state", "reason", "state_at"),
    ]
