"""The walls of cash: what banks told is append-only; accounts, files and statements change their state and nothing else."""

from django.db import migrations

from debitora.kit.pg.walls import company_table, learns_sizes, updated_only

_SPAN = ("opened_on", "opening_minor", "closed_on", "closing_minor")


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0001_refusals"),
        ("cash", "0001_initial"),
        ("documents", "0002_walls"),
        ("trail", "0002_walls"),
    ]
    operations = [
        company_table("cash_bankaccount", keep=True),
        updated_only("cash_bankaccount", "name", "confirmed_at", *_SPAN),
        company_table("cash_bankfile", references={"upload_id": "documents_upload"}, append_only=True),
        company_table(
            "cash_statement",
            references={"file_id": "cash_bankfile", "account_id": "cash_bankaccount"},
            keep=True,
        ),
        updated_only("cash_statement", "state", "held_for", "missing_minor", "new_count", "applied_at"),
        company_table(
            "cash_bankentry",
            references={"account_id": "cash_bankaccount", "statement_id": "cash_statement"},
            append_only=True,
        ),
        company_table(
            "cash_entrywords", key="entry_id", references={"entry_id": "cash_bankentry"}, keep=True
        ),
        company_table(
            "cash_telling",
            references={"statement_id": "cash_statement", "entry_id": "cash_bankentry"},
            append_only=True,
        ),
        company_table(
            "cash_doubt",
            references={"statement_id": "cash_statement", "entry_id": "cash_bankentry"},
            keep=True,
        ),
        updated_only("cash_doubt", "answer", "answered_at", "answered_by_label"),
        company_table(
            "cash_gap",
            references={
                "account_id": "cash_bankaccount",
                "statement_id": "cash_statement",
                "wording_id": "trail_wording",
            },
            append_only=True,
        ),
        learns_sizes("cash", ["bankentry", "entrywords", "telling", "statement"]),
        migrations.RunSQL(
            """create function cash_account_elsewhere(wanted text, money text) returns boolean language sql stable security definer
set search_path = public, pg_temp as $body$
    select exists (
        select from cash_bankaccount where account = wanted and currency = money
            and company_id <> current_setting('app.company')::bigint
    )
$body$;
revoke all on function cash_account_elsewhere(text, text) from public;
grant execute on function cash_account_elsewhere(text, text) to debitora_app;
""",
            migrations.RunSQL.noop,
        ),
    ]
