"""Lines that a bank has exchanged: they are held against the ledger in the currency in which they were paid, too."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

import polars as pl

from debitora.cash.rules.proposing import MOST_PROPOSED, Known, Proposal, propose
from debitora.cash.rules.spreading import Exchanged
from debitora.engine.frames import Schema
from debitora.engine.matching import LINES

TOLD_LINES: Final[Schema] = {
    **LINES,
    "paid_currency": pl.String,  # in which the bank says that it was paid; "" where it says nothing
    "paid_minor": pl.Int64,  # 0 where it says nothing, or where only a part of the line is open
}


def propose_exchanged(lines: pl.DataFrame, known: Known) -> list[Proposal]:
    """Proposals for TOLD_LINES as `proposing.propose` makes them; items in the currency of payment are among them.

    Beyond items nothing is exchanged: what goes on account stays in the account's currency.
    """
    own = lines.select(*LINES)
    abroad = _as_paid(lines)
    if abroad.is_empty():
        return propose(own, known)
    paid = dict(zip(abroad["line"], abroad.select("currency", "minor").iter_rows(), strict=True))
    found: dict[int, list[Proposal]] = defaultdict(list)
    for one in propose(pl.concat([own, abroad]), known):
        if one.line > 0:
            found[one.line].append(one)
        elif one.parts:
            currency, minor = paid[one.line]
            found[-one.line].append(
                replace(one, line=-one.line, exchanged=Exchanged(currency, minor, "bank"))
            )
    return [one for some in found.values() for one in _ranked(some)]


def _as_paid(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines that were paid in another currency, under the opposite of their number."""
    told = lines.filter((pl.col("paid_minor") > 0) & (pl.col("paid_currency") != pl.col("currency")))
    return told.with_columns(
        line=-pl.col("line"), currency=pl.col("paid_currency"), minor=pl.col("paid_minor")
    ).select(*LINES)


def _ranked(some: list[Proposal]) -> list[Proposal]:
    """The surest first; of equally sure ones those in the account's currency."""
    ordered = sorted(some, key=lambda one: (-one.confidence, one.exchanged is not None, one.rank))
    return [replace(one, rank=rank) for rank, one in enumerate(ordered[:MOST_PROPOSED], start=1)]
