import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("as_of", models.DateField()),
                ("state", models.CharField(default="uploaded", max_length=12)),
                ("mapping", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("guards", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_label", models.CharField(max_length=64)),
                ("applied_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "source",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.source",
                    ),
                ),
                (
                    "upload",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.upload",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "source", "-as_of", "-id"], name="import_by_source")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "applied")),
                        fields=("company", "source", "as_of", "sha256"),
                        name="file_applied_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "uploaded",
                                    "refused",
                                    "previewed",
                                    "held",
                                    "applying",
                                    "applied",
                                    "nothing",
                                    "undone",
                                    "discarded",
                                ),
                            )
                        ),
                        name="import_state_known",
                    ),
                ],
            },
        ),
    ]
