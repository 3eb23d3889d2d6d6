"""A line of a bank statement with its truth, and the frame that lines come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "line": pl.Int64,  # 0, 1, ... in the order of days; within a day in no order
    "booked_on": pl.Date,
    "currency": pl.String,  # of the account: the company has one in each of its customers' currencies
    "minor": pl.Int64,  # money in is above zero
    "payer_name": pl.String,
    "payer_iban": pl.String,  # "" where there is none
    "text": pl.String,
    "end_to_end": pl.String,  # "" where the payer gave none
    "reference": pl.String,  # structured
    "mandate": pl.String,
    "code": pl.String,  # domain, family and sub-family of ISO 20022, as PMNT/RCDT/ESCT
    "return_reason": pl.String,
    "fee_minor": pl.Int64,  # what the bank kept of the amount and says so
    "original_minor": pl.Int64,  # before the bank exchanged it; 0 where it did not
    "original_currency": pl.String,
    "kind": pl.String,  # from here on the truth: see `lines`
    "told": pl.String,  # what the text says of the items
    "who": pl.String,  # who paid: see `payers`; "" for what is no customer's
    "customer": pl.Int64,  # whose account it belongs to; null for what is no customer's
    "items": pl.List(pl.Int64),
    "owners": pl.List(pl.Int64),  # customer of each item
    "minors": pl.List(
        pl.Int64
    ),  # settled of each item; below zero for credits, and for all where money goes back
    "deducted_minor": pl.Int64,  # settled, but kept by the payer or a bank
    "excess_minor": pl.Int64,  # paid, but for no item
    "pair": pl.Int64,  # the first line of a pair that banks cannot tell apart; else null
}
"""minor = sum(minors) - deducted_minor + excess_minor, in the original currency where the bank exchanged."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line; the fields are those of SCHEMA, but for its number. Lines of one `pair` have the same number there."""

    booked_on: date
    currency: str
    minor: int
    payer_name: str
    payer_iban: str
    text: str
    kind: str
    end_to_end: str = ""
    reference: str = ""
    mandate: str = ""
    code: str = "PMNT/RCDT/ESCT"
    return_reason: str = ""
    fee_minor: int = 0
    original_minor: int = 0
    original_currency: str = ""
    told: str = "nothing"
    who: str = ""
    customer: int | None = None
    items: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    minors: tuple[int, ...] = ()
    deducted_minor: int = 0
    excess_minor: int = 0
    pair: int | None = None
