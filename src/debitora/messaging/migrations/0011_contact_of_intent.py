"""A message may be meant for a contact of the customer."""

import django.db.models.deletion
from django.db import migrations

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0010_calls"),
        ("receivables", "0014_contacts"),
    ]

    operations = [
        migrations.AddField(
            model_name="intent",
            name="contact",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.contact",
            ),
        ),
        migrations.RunSQL(
            """alter table messaging_intent add constraint messaging_intent_contact_id_ref
               foreign key (company_id, contact_id) references receivables_contact (company_id, id)""",
            migrations.RunSQL.noop,
        ),
    ]
