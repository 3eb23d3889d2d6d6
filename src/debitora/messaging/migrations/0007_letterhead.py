"""How letters look: a colour, columns at the foot, logo and signature."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_walls"),
        ("messaging", "0006_account_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="sender",
            name="colour",
            field=models.CharField(blank=True, default="", max_length=7),
        ),
        migrations.AddField(
            model_name="sender",
            name="footer",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="sender",
            name="logo",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="documents.blob",
            ),
        ),
        migrations.AddField(
            model_name="sender",
            name="signature",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="documents.blob",
            ),
        ),
        migrations.RunSQL(
            """alter table messaging_sender
                   add constraint messaging_sender_logo_id_ref
                   foreign key (company_id, logo_id) references documents_blob (company_id, id),
                   add constraint messaging_sender_signature_id_ref
                   foreign key (company_id, signature_id) references documents_blob (company_id, id)""",
            migrations.RunSQL.noop,
        ),
    ]
