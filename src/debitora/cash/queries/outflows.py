"""What matching reads of money that went out: open lines, payments that they may take back, credits that they may pay back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from debitora.cash.queries.fitting import statement_sql
from debitora.cash.queries.outgoing import LOOKED_BACK
from debitora.cash.rules.ignoring import Asides, Movement, beside, propose_ignoring
from debitora.cash.rules.outgoing import (
    MOST_RETURN_FEE,
    RETURN_WORDS,
    Credit,
    OutLine,
    Paid,
    propose_outgoing,
    says_return,
)
from debitora.cash.rules.proposing import Proposal
from debitora.cash.rules.sureness import Counts
from debitora.kit.pg.bulk import rows


def outgoing_proposals(*, own: Counts, asides: Asides) -> tuple[pl.DataFrame, dict[int, list[Proposal]]]:
    """The open lines with money out (line, minor: below zero), and by line what they may be; lines with no proposal are absent."""
    lines = rows(statement_sql("outflows"))
    if not lines:
        return _frame(lines), {}
    paid, left = _returnable(), _refundable()
    found = {
        row["entry"]: propose_outgoing(
            _line(row), paid.get(row["entry"], ()), left.get(row["entry"], ()), own=own
        )
        for row in lines
    }
    for row in lines:
        moved = Movement(row["entry"], row["minor"], row["account"], row["name"], row["code"])
        if aside := propose_ignoring(moved, asides):
            found[row["entry"]] = beside(found[row["entry"]], aside)
    return _frame(lines), {line: some for line, some in found.items() if some}


def with_asides(
    proposals: Mapping[int, list[Proposal]], lines: pl.DataFrame, asides: Asides
) -> dict[int, list[Proposal]]:
    """Proposals for LINES, that they be set aside among them, where their counterparts' lines often were."""
    found = dict(proposals)
    counterparts = {key for key, _way in asides.times} | asides.own_accounts
    if counterparts:
        for told in lines.select("line", "minor", "payer", "name").iter_rows():
            if aside := propose_ignoring(Movement(*told), asides):
                found[aside.line] = beside(found.get(aside.line, []), aside)
    return found


def _frame(lines: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(row["entry"], row["minor"]) for row in lines],
        schema={"line": pl.Int64, "minor": pl.Int64},
        orient="row",
    )


def _line(row: Mapping[str, Any]) -> OutLine:
    said = says_return(reversal=row["reversal"], reason=row["reason"], text=row["text"])
    return OutLine(row["entry"], -row["minor"], row["fee_minor"], said)


def _returnable() -> dict[int, list[Paid]]:
    asked = rows(
        statement_sql("returnable"), words=RETURN_WORDS, back=LOOKED_BACK.days, most_fee=MOST_RETURN_FEE
    )
    found: dict[int, list[Paid]] = defaultdict(list)
    for row in asked:
        found[row.pop("entry")].append(Paid(**row))
    return found


def _refundable() -> dict[int, list[Credit]]:
    found: dict[int, list[Credit]] = defaultdict(list)
    for row in rows(statement_sql("refundable")):
        found[row.pop("entry")].append(Credit(**row))
    return found
