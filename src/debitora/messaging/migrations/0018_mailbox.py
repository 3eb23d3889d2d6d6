"""The mailbox of a company whose mails are fetched."""

import django.db.models.deletion
from django.db import migrations, models

from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0017_consents"),
        ("people", "0013_views_of_inbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImapMailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(blank=True, default="", max_length=253)),
                ("port", models.IntegerField(default=993)),
                ("security", models.CharField(default="tls", max_length=10)),
                ("user", models.CharField(blank=True, default="", max_length=200)),
                ("password_sealed", models.TextField(blank=True, default="")),
                ("folder", models.CharField(default="INBOX", max_length=100)),
                ("done_folder", models.CharField(blank=True, default="", max_length=100)),
                ("since_on", models.DateField()),
                ("validity", models.BigIntegerField(default=0)),
                ("last_uid", models.BigIntegerField(default=0)),
                ("looked_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=12)),
                ("problem_words", models.CharField(blank=True, default="", max_length=300)),
                ("version", models.IntegerField(default=1)),
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
                    models.UniqueConstraint(fields=("company",), name="one_mailbox_per_company"),
                    models.CheckConstraint(
                        condition=models.Q(("security__in", ("none", "starttls", "tls"))),
                        name="mailbox_security_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("password_sealed", ""),
                            ("password_sealed__regex", "^v1\\.[0-9a-f]{8}\\.[A-Za-z0-9_=-]+$"),
                            _connector="OR",
                        ),
                        name="mailbox_password_is_sealed",
                    ),
                ],
            },
        ),
        company_table("messaging_imapmailbox", keep=True),
    ]
