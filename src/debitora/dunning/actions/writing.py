"""Write what a run decided, in bulk: COPY into temporary tables, INSERT ... SELECT, one digest.

Rows are staged in the order of the key they will have, and taken from there as they lie: so keys grow at their end.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import polars as pl

from debitora.dunning.actions.keeping import keep_month
from debitora.dunning.models import Run
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.keeping import month_of
from debitora.dunning.rules.policy import Policy, amount_in
from debitora.dunning.rules.policy_file import as_document
from debitora.kit.pg.bulk import execute, frame, stage

_BLOCK = 50_000
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
    digest = _digest(rows)
    month = month_of(run.created_at)
    keep_month(month=month)
    stage(rows.sort("customer_id", "item_id"), "decided")
    execute(
        """insert into dunning_decision (company_id, run_id, month, item_id, customer_id, currency, reason, level_before,
               level_to, days_overdue, open_minor, held_minor, strategy_version_id)
           select %(company)s, %(run)s, %(month)s, item_id, customer_id, currency, reason, level_before,
               level_to, days_overdue, open_minor, held_minor, policy_id
           from decided""",
        company=run.company_id,
        run=run.id,
        month=month,
    )
    return digest


def _digest(rows: pl.DataFrame) -> bytes:
    state = hashlib.sha256()
    for block in rows.with_columns(pl.col("policy_id").fill_null(0)).iter_slices(_BLOCK):
        state.update(block.write_csv(include_header=False).encode())
    return state.digest()


def write_notices(*, run: Run, notices: pl.DataFrame, lines: pl.DataFrame, at: datetime) -> None:
    """Write the notices with a copy of the step each was made by, then their lines in the order of notices and items."""
    numbered = notices.with_columns(_numbers(notices.height))
    stage(_steps(numbered), "stepped")
    stage(numbered, "noticed")
    execute(
        """with step as materialized (select policy_id, level, currency, fee_minor, step::jsonb as step from stepped)
           insert into dunning_notice (company_id, run_id, id, group_key, number, customer_id, currency, level, due_minor,
               also_open_minor, credit_minor, fee_minor, total_minor, item_count, strategy_version_id, step, created_at)
           select %(company)s, %(run)s, n.id, n.customer_id || ':' || n.currency, %(prefix)s || n.id,
               n.customer_id, n.currency, n.level, n.due_minor, n.also_open_minor, n.credit_minor, s.fee_minor,
               n.total_minor + s.fee_minor, n.items, n.policy_id, s.step, %(at)s
           from noticed n
           join step s on s.policy_id = n.policy_id and s.level = n.level and s.currency = n.currency
           order by n.id""",
        company=run.company_id,
        run=run.id,
        prefix=f"M{run.on:%y}-",
        at=at,
    )
    named = numbered.select("customer_id", "currency", notice_id="id")
    stage(lines.join(named, on=["customer_id", "currency"]).sort("notice_id", "item_id"), "lined")
    execute(
        """insert into dunning_noticeline (company_id, notice_id, item_id, kind, open_minor, level_from, level_to)
           select %(company)s, notice_id, item_id, kind, open_minor, level_from, level_to
           from lined""",
        company=run.company_id,
    )


def _numbers(count: int) -> pl.Series:
    """The next ids of notices, ascending."""
    drawn = frame(
        "select nextval(pg_get_serial_sequence('dunning_notice', 'id')) from generate_series(1, %(count)s::bigint)",
        {"id": pl.Int64},
        count=count,
    )
    return drawn["id"].sort()


def _steps(notices: pl.DataFrame) -> pl.DataFrame:
    """Each policy, level and currency that occurs, with its fee and the step's values as a notice keeps them."""
    known = policies(notices["policy_id"].unique().to_list())
    keys = notices.select("policy_id", "level", "currency").unique().sort("policy_id", "level", "currency")
    rows = [
        (policy, level, currency, *_step_of(known[policy], level, currency))
        for policy, level, currency in keys.iter_rows()
    ]
    return pl.DataFrame(
        rows,
        schema={
            "policy_id": pl.Int64,
            "level": pl.Int16,
            "currency": pl.String,
            "fee_minor": pl.Int64,
            "step": pl.String,
        },
        orient="row",
    )


def _step_of(policy: Policy, level: int, currency: str) -> tuple[int, str]:
    document = as_document(policy)
    if level == 0:
        return 0, json.dumps({"level": 0, **document.get("upcoming", {})}, sort_keys=True)
    fee = amount_in(policy.step(level).fee, currency)
    return fee, json.dumps({"level": level, **document["steps"][level - 1]}, sort_keys=True)
