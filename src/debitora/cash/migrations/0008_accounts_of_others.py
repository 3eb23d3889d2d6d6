"""Accounts with numbers that are no IBAN, and accounts that are another company's once she has confirmed them."""

from django.db import migrations, models

_ELSEWHERE = """create or replace function cash_account_elsewhere(wanted text, money text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $body$
    select exists (
        select from cash_bankaccount where account = wanted and currency = money and confirmed_at is not null
            and company_id <> current_setting('app.company')::bigint
    )
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("cash", "0007_learn_growth")]

    operations = [
        migrations.AlterField(
            model_name="bankaccount",
            name="account",
            field=models.CharField(db_collation="C", max_length=70),
        ),
        migrations.RunSQL(_ELSEWHERE, migrations.RunSQL.noop),
    ]
