"""Write what a run decided, in bulk: COPY into temporary tables, INSERT ... SELECT in item order, one digest."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import polars as pl

from debitora.dunning.models import Run
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.policy import Policy, amount_in
from debitora.dunning.rules.policy_file import as_document
from debitora.kit.pg.bulk import execute, stage

_DIGESTED = (
    "item_id",
    "customer_id",
    "currency",
    "reason",
    "level_before",
    "level_to",
    "days_overdue",
    "open_minor",
    "held_minor",
    "policy_id",
)


def write_decisions(*, run: Run, decisions: pl.DataFrame) -> bytes:
    """Write one row per decision; returns the SHA-256 over all of them, which `debitora check` recomputes in SQL.

    The digest covers the columns of `_DIGESTED`, comma-separated, one line per item in item order; no policy counts as 0.
    """
    rows = decisions.select(_DIGESTED).sort("item_id")
    digest = hashlib.sha256(
        rows.with_columns(pl.col("policy_id").fill_null(0)).write_csv(include_header=False).encode()
    )
    stage(rows, "decided")
    execute(
        """insert into dunning_decision (company_id, run_id, item_id, customer_id, currency, reason, level_before,
               level_to, days_overdue, open_minor, held_minor, strategy_version_id)
           select %(company)s, %(run)s, item_id, customer_id, currency, reason, level_before,
               level_to, days_overdue, open_minor, held_minor, policy_id
           from decided order by item_id""",
        company=run.company_id,
        run=run.id,
    )
    return digest.digest()


def write_notices(*, run: Run, notices: pl.DataFrame, lines: pl.DataFrame, at: datetime) -> None:
    """Write the notices with a copy of the step each was made by, then their lines."""
    steps = policies(notices["policy_id"].unique().to_list())
    stage(_priced(notices, steps), "noticed")
    execute(
        """insert into dunning_notice (company_id, run_id, id, group_key, number, customer_id, currency, level, due_minor,
               also_open_minor, credit_minor, fee_minor, total_minor, item_count, strategy_version_id, step, created_at)
           select %(company)s, %(run)s, id, customer_id || ':' || currency, 'M' || to_char(%(on)s::date, 'YY') || '-' || id,
               customer_id, currency, level, due_minor, also_open_minor, credit_minor, fee_minor, total_minor + fee_minor,
               items, policy_id, step::jsonb, %(at)s
           from (select nextval(pg_get_serial_sequence('dunning_notice', 'id')) as id, n.*
                 from (select * from noticed order by customer_id, currency) n) numbered""",
        company=run.company_id,
        run=run.id,
        on=run.on,
        at=at,
    )
    stage(lines, "lined")
    execute(
        """insert into dunning_noticeline (company_id, notice_id, item_id, kind, open_minor, level_from, level_to)
           select %(company)s, n.id, l.item_id, l.kind, l.open_minor, l.level_from, l.level_to
           from lined l
           join dunning_notice n on n.company_id = %(company)s and n.run_id = %(run)s
                and n.customer_id = l.customer_id and n.currency = l.currency
           order by l.item_id""",
        company=run.company_id,
        run=run.id,
    )


def _priced(notices: pl.DataFrame, steps: dict[int, Policy]) -> pl.DataFrame:
    """Add each notice's fee and the step's values, as the notice keeps them."""
    keys = notices.select("policy_id", "level", "currency").unique().sort("policy_id", "level", "currency")
    priced = [
        (policy, level, currency, *_step_of(steps[policy], level, currency))
        for policy, level, currency in keys.iter_rows()
    ]
    values = pl.DataFrame(
        priced,
        schema={
            "policy_id": pl.Int64,
            "level": pl.Int16,
            "currency": notices.schema["currency"],
            "fee_minor": pl.Int64,
            "step": pl.String,
        },
        orient="row",
    )
    return notices.join(values, on=["policy_id", "level", "currency"], how="left")


def _step_of(policy: Policy, level: int, currency: str) -> tuple[int, str]:
    document = as_document(policy)
    if level == 0:
        return 0, json.dumps({"level": 0, **document.get("upcoming", {})}, sort_keys=True)
    fee = amount_in(policy.step(level).fee, currency)
    return fee, json.dumps({"level": level, **document["steps"][level - 1]}, sort_keys=True)
