"""Notes on customers: append-only, with files, withdrawn and put back."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_dunning_is_a_source"),
        ("people", "0012_views_of_sales"),
        ("receivables", "0019_charges_by_index"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mentions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("written_by_id", models.BigIntegerField(null=True)),
                ("written_by_label", models.CharField(max_length=64)),
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
                    "customer",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.customer",
                    ),
                ),
                (
                    "wording",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoteChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("changed_at", models.DateTimeField()),
                ("changed_by_id", models.BigIntegerField(null=True)),
                ("changed_by_label", models.CharField(max_length=64)),
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
                    "note",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.note",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoteFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.SmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                (
                    "blob",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.blob",
                    ),
                ),
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
                    "note",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.note",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["company", "customer", "-id"], name="note_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="notechange",
            constraint=models.UniqueConstraint(
                fields=("company", "note", "place"), name="note_change_once_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="notechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("withdrawn", "restored"))), name="note_change_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="notefile",
            constraint=models.UniqueConstraint(
                fields=("company", "note", "place"), name="note_file_once_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="notefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__gt", 0)), name="note_files_count_from_one"
            ),
        ),
        company_table(
            "receivables_note",
            references={"customer_id": "receivables_customer", "wording_id": "trail_wording"},
            append_only=True,
        ),
        company_table(
            "receivables_notefile",
            references={"note_id": "receivables_note", "blob_id": "documents_blob"},
            keep=True,
        ),
        updated_only("receivables_notefile", "name"),
        company_table("receivables_notechange", references={"note_id": "receivables_note"}, append_only=True),
    ]
