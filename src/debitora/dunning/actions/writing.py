"""Write what a run decided, in bulk: COPY into temporary tables, INSERT ... SELECT, one digest.

Rows are staged in the order of the key they will have, and taken from there as they lie: so keys grow at their end.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import polars as pl

from debitora.dunning.actions.keeping import keep_month
from debitora.dunning.models import Run, RunStep
from debitora.dunning.models.notices import LINE_KINDS
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.keeping import month_of
from debitora.dunning.rules.policy import Grouping, Policy, amount_in
from debitora.dunning.rules.policy_file import as_document
from debitora.dunning.rules.reasons import Reason
from debitora.engine.dunning_shapes import Decided
from debitora.kit.pg.bulk import execute, frame, stage

_BLOCK = 50_000
_DECIDED_BY_NOTICES = (Reason.NOTICE.value, Reason.UPCOMING.value)
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
    """Write a row per item that no notice asks for; returns the SHA-256 over all decisions, recomputed by `debitora check`.

    The others are decided by the lines that `write_notices` writes. The digest covers the columns of `_DIGESTED`, comma-separated, one line per item in item order; no policy counts as 0.
    """
    rows = decisions.select(_DIGESTED).sort("item_id")
    digest = _digest(rows)
    month = month_of(run.created_at)
    keep_month(month=month)
    alone = rows.filter(~pl.col("reason").is_in(_DECIDED_BY_NOTICES)).sort("customer_id", "item_id")
    stage(alone, "decided", joined=False)
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


def write_notices(*, run: Run, decided: Decided, claimed: pl.DataFrame, at: datetime) -> None:
    """Write the steps that were applied, and the notices with their lines, which decide the items they ask for.

    `claimed` (engine.claims.CLAIMED): what is claimed with lines.
    """
    notices = decided.notices
    numbered = notices.with_columns(_numbers(notices.height))
    fees = _write_steps(run, notices)
    whole = numbered.join(fees, on=["policy_id", "level", "currency"], maintain_order="left").join(
        _gathered(decided, claimed), on=["customer_id", "currency", "part"], maintain_order="left"
    )
    stage(whole, "noticed", joined=False)
    execute(
        """insert into dunning_notice (company_id, run_id, id, group_key, number, customer_id, currency, level, due_minor,
               also_open_minor, credit_minor, fee_minor, interest_minor, lump_sum_minor, total_minor, item_count, strategy_version_id,
               created_at, line_items, line_kinds, line_open_minor, line_levels_from, line_levels_to, line_days_overdue,
               line_held_minor, line_interest_minor, line_lump_sum_minor)
           select %(company)s, %(run)s, id, customer_id || ':' || currency || coalesce(':' || nullif(part, 0), ''), %(prefix)s || id,
               customer_id, currency, level, due_minor, also_open_minor, credit_minor, fee_minor, interest_minor, lump_sum_minor,
               total_minor + fee_minor + interest_minor + lump_sum_minor, items, policy_id, %(at)s,
               line_items, line_kinds, line_open_minor, line_levels_from, line_levels_to, line_days_overdue, line_held_minor,
               line_interest_minor, line_lump_sum_minor
           from noticed""",
        company=run.company_id,
        run=run.id,
        prefix=f"M{run.on:%y}-",
        at=at,
    )


def _gathered(decided: Decided, claimed: pl.DataFrame) -> pl.DataFrame:
    """The lines of each notice in the order of items, a list of each of their values.

    Days overdue and what holds kept out are those of the decision; a credit has none, and nothing kept out. What is claimed
    with the lines is null where a notice claims nothing.
    """
    kinds = {kind: number for number, kind in enumerate(LINE_KINDS, start=1)}
    more = decided.decisions.select("item_id", "days_overdue", "held_minor")
    asks = pl.col("claims").any()
    return (
        decided.lines.join(more, on="item_id", how="left")
        .join(claimed.with_columns(claims=pl.lit(value=True)), on="item_id", how="left")
        .with_columns(
            pl.col("days_overdue", "held_minor", "interest_minor", "lump_sum_minor").fill_null(0),
            pl.col("claims").fill_null(value=False),
        )
        .sort("item_id")
        .group_by("customer_id", "currency", "part", maintain_order=True)
        .agg(
            pl.col("interest_minor", "lump_sum_minor").sum(),
            line_items="item_id",
            line_kinds=pl.col("kind").replace_strict(kinds, return_dtype=pl.Int16),
            line_open_minor="open_minor",
            line_levels_from="level_from",
            line_levels_to="level_to",
            line_days_overdue="days_overdue",
            line_held_minor="held_minor",
            line_interest_minor=pl.when(asks).then(pl.col("interest_minor").implode()),
            line_lump_sum_minor=pl.when(asks).then(pl.col("lump_sum_minor").implode()),
        )
    )


def _numbers(count: int) -> pl.Series:
    """The next ids of notices, ascending."""
    drawn = frame(
        """with numbers as materialized (select pg_get_serial_sequence('dunning_notice', 'id')::regclass as given)
           select nextval(given) from numbers, generate_series(1, %(count)s::bigint)""",
        {"id": pl.Int64},
        count=count,
    )
    return drawn["id"].sort()


def _write_steps(run: Run, notices: pl.DataFrame) -> pl.DataFrame:
    """Keep each step that was applied; returns the fee of each policy, level and currency that occurs."""
    known = policies(notices["policy_id"].unique().to_list())
    applied = notices.select("policy_id", "level").unique().sort("policy_id", "level")
    RunStep.objects.bulk_create(
        RunStep(
            company_id=run.company_id,
            run=run,
            strategy_version_id=version,
            level=level,
            step=_step(known[version], level),
        )
        for version, level in applied.iter_rows()
    )
    asked = notices.select("policy_id", "level", "currency").unique().sort("policy_id", "level", "currency")
    fees = [(*key, _fee(known[key[0]], *key[1:])) for key in asked.iter_rows()]
    return pl.DataFrame(fees, schema={**asked.schema, "fee_minor": pl.Int64}, orient="row")


def _step(policy: Policy, level: int) -> dict[str, object]:
    """The step's values as they are kept: those of the policy's file, and whom its grouping writes to."""
    document = as_document(policy)
    if level == 0:
        return {"level": level, **document["upcoming"]}
    elsewhere = policy.grouping in (Grouping.CONTACT, Grouping.PARENT)
    gathers = {"gathers": policy.grouping.value} if elsewhere else {}
    return {"level": level, **document["steps"][level - 1], **gathers}


def _fee(policy: Policy, level: int, currency: str) -> int:
    return amount_in(policy.step(level).fee, currency) if level else 0
