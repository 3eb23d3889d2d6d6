"""A message may go to the parent company of its customer."""

import django.db.models.deletion
from django.db import migrations

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0012_proven_senders"),
        ("receivables", "0018_charge_of_claim_entry"),
    ]

    operations = [
        migrations.AddField(
            model_name="intent",
            name="via",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.customer",
            ),
        ),
        migrations.RunSQL(
            """alter table messaging_intent add constraint messaging_intent_via_id_ref
               foreign key (company_id, via_id) references receivables_customer (company_id, id)""",
            migrations.RunSQL.noop,
        ),
    ]
