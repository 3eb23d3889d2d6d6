"""The mail by which whoever answers a case is told, and an answer that is taken back."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0001_initial"),
        ("people", "0012_views_of_sales"),
        ("receivables", "0019_charges_by_index"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("state", models.CharField(max_length=10)),
                ("attempts", models.IntegerField(default=1)),
                ("claimed_at", models.DateTimeField()),
                ("state_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="casestep",
            name="case_step_kind_known",
        ),
        migrations.AddIndex(
            model_name="casestate",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["company", "last_step_at", "case"],
                name="case_open_by_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ("opened", "assigned", "answered", "withdrawn", "moved", "closed", "reopened"),
                    )
                ),
                name="case_step_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="casemail",
            name="case",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disputes.case",
            ),
        ),
        migrations.AddField(
            model_name="casemail",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddField(
            model_name="casemail",
            name="step",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disputes.casestep",
            ),
        ),
        migrations.AddIndex(
            model_name="casemail",
            index=models.Index(fields=["company", "case", "id"], name="mail_of_case"),
        ),
        migrations.AddIndex(
            model_name="casemail",
            index=models.Index(
                condition=models.Q(("state", "claimed")),
                fields=["company", "claimed_at"],
                name="case_mail_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="casemail",
            constraint=models.UniqueConstraint(fields=("company", "step"), name="step_told_once"),
        ),
        migrations.AddConstraint(
            model_name="casemail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["claimed", "sent", "waiting", "uncertain"])),
                name="case_mail_state_known",
            ),
        ),
        company_table(
            "disputes_casemail",
            references={"case_id": "disputes_case", "step_id": "disputes_casestep"},
            keep=True,
        ),
        updated_only("disputes_casemail", "state", "attempts", "claimed_at", "state_at"),
    ]
