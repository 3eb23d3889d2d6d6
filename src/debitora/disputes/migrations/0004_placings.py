"""Where incoming mails belong, comments on cases, and mails to whoever answers that came back."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0003_routing"),
        ("messaging", "0015_inbox"),
        ("people", "0013_views_of_inbox"),
        ("receivables", "0019_charges_by_index"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailPlacing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("why", models.CharField(blank=True, default="", max_length=12)),
                ("done_at", models.DateTimeField()),
                ("done_by_id", models.BigIntegerField(null=True)),
                ("done_by_label", models.CharField(max_length=64)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="casemail",
            name="case_mail_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="casestep",
            name="case_step_kind_known",
        ),
        migrations.AddConstraint(
            model_name="casemail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["claimed", "sent", "waiting", "uncertain", "returned"])),
                name="case_mail_state_known",
            ),
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
                        ),
                    )
                ),
                name="case_step_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="mailplacing",
            name="case",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disputes.case",
            ),
        ),
        migrations.AddField(
            model_name="mailplacing",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddField(
            model_name="mailplacing",
            name="customer",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.customer",
            ),
        ),
        migrations.AddField(
            model_name="mailplacing",
            name="mail",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="messaging.incomingmail",
            ),
        ),
        migrations.AddField(
            model_name="mailplacing",
            name="step",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disputes.casestep",
            ),
        ),
        migrations.AddField(
            model_name="mailplacing",
            name="wording",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="trail.wording",
            ),
        ),
        migrations.AddIndex(
            model_name="mailplacing",
            index=models.Index(
                condition=models.Q(("kind", "case")),
                fields=["company", "case", "id"],
                name="placed_with_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailplacing",
            constraint=models.UniqueConstraint(fields=("company", "mail", "place"), name="mail_placed_once"),
        ),
        migrations.AddConstraint(
            model_name="mailplacing",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("waits", "case", "customer", "discarded", "undone"))),
                name="mail_placing_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailplacing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "case"), _negated=True), ("case__isnull", False), _connector="OR"
                ),
                name="placed_with_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailplacing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "customer"), _negated=True),
                    ("customer__isnull", False),
                    _connector="OR",
                ),
                name="placed_with_a_customer",
            ),
        ),
        company_table(
            "disputes_mailplacing",
            references={
                "mail_id": "messaging_incomingmail",
                "case_id": "disputes_case",
                "customer_id": "receivables_customer",
                "step_id": "disputes_casestep",
                "wording_id": "trail_wording",
            },
            append_only=True,
        ),
    ]
