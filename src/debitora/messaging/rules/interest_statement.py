"""An interest statement: what items have borne since default, slice by slice, with rate, source and ground, as a letter.

It is evidence and asks for nothing: what is claimed stands on the notices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from debitora.messaging.rules.letter import Contact, Identity, Letter, Sender
from debitora.messaging.rules.sheet import Sheet, printable, sheet_of
from debitora.messaging.rules.words import Words, salutation, words, written_language
from debitora.values.locales import (
    format_amount,
    format_basis_points,
    format_date,
    format_long_date,
    format_money,
)
from debitora.values.money import Money

_DAY = timedelta(days=1)


class InterestDoesNotAddUp(Exception):
    """The slices of an item do not sum up to its interest, or its currencies differ."""


@dataclass(frozen=True, slots=True)
class BorneSlice:
    """A balance that bore one rate from the first to the last day, both included. Rates are basis points.

    reference_bp: what was published; None where the rate is fixed or was agreed. source: who published it; "" agreed.
    """

    first_on: date
    last_on: date
    balance: Money
    bp: int
    interest: Money
    source: str = ""
    reference_bp: int | None = None

    @property
    def days(self) -> int:
        """So many days bore interest."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True, slots=True)
class BorneItem:
    """An item with its default and what it has borne. Raises InterestDoesNotAddUp.

    ground: key of letters/words [interest_grounds]; "" while it is not in default. law: of the rate, "" where one was agreed.
    horizon: the last day whose rate is known, where that lies before the day of the statement: then nothing is reckoned.
    """

    number: str
    issued_on: date | None
    due_on: date
    amount: Money
    default_on: date | None = None
    ground: str = ""
    law_of_default: str = ""
    law: str = ""
    day_count: str = "act/365"
    payments: tuple[tuple[date, Money], ...] = ()
    slices: tuple[BorneSlice, ...] = ()
    total: Money | None = None
    horizon: date | None = None
    sure: bool = True

    def __post_init__(self) -> None:
        total, currency = self.total or Money(0, self.amount.currency), self.amount.currency
        amounts = [one.interest for one in self.slices]
        if any(one.currency != currency for one in (*amounts, *(paid for _on, paid in self.payments), total)):
            raise InterestDoesNotAddUp("more than one currency")
        if sum(one.minor for one in amounts) != total.minor:
            raise InterestDoesNotAddUp(f"{amounts} reckoned, {total} in total")


@dataclass(frozen=True, slots=True)
class InterestStatement:
    """What the items have borne until the day `until`, that day included; at least one item."""

    identity: Identity
    sender: Sender
    contact: Contact
    recipient: tuple[str, ...]
    customer_name: str
    customer_number: str
    until: date
    issued_on: date
    language: str
    items: tuple[BorneItem, ...]
    more: int = 0
    """So many further items are left out: the statement says so."""

    @property
    def number(self) -> str:
        """What sender and reader call it: customer and day."""
        return f"{self.customer_number}-{self.until:%Y%m%d}"

    @property
    def totals(self) -> tuple[Money, ...]:
        """Interest by currency."""
        sums: dict[str, Money] = {}
        for item in self.items:
            if item.total is not None:
                currency = item.total.currency
                sums[currency] = sums.get(currency, Money(0, currency)) + item.total
        return tuple(sums[currency] for currency in sorted(sums))


def interest_sheet(statement: InterestStatement) -> Sheet:
    """Everything that stands on the statement, for letters/interest.typ."""
    language = written_language(statement.language)
    say = words(language)["interest"]
    several = len(statement.items) > 1
    own = {
        "blocks": [_block(item, words(language), language) for item in statement.items],
        "totals": [
            (say["total"].format(currency=one.currency), format_money(one, language))
            for one in (statement.totals if several else ())
        ],
        "more": say["more"].format(count=statement.more) if statement.more else "",
        "sources_title": say["sources"],
        "sources": list(_sources(statement.items, say, language)),
        "method": say["method"],
    }
    return {**sheet_of(_letter(statement)), "table": None, "aside": None, "payment": None, **printable(own)}


def file_name(statement: InterestStatement) -> str:
    """What the file is called, before its ending."""
    return f"{words(statement.language)['interest']['file']}-{statement.number}"


def _letter(statement: InterestStatement) -> Letter:
    """The sheet around it: a letter that demands nothing."""
    language = written_language(statement.language)
    say = words(language)["interest"]
    day = format_long_date(statement.until, language)
    return Letter(
        identity=statement.identity,
        sender=statement.sender,
        recipient=statement.recipient,
        customer_name=statement.customer_name,
        issued_on=statement.issued_on,
        customer_number=statement.customer_number,
        notice_number=statement.number,
        subject=say["subject"].format(day=day),
        salutation=salutation(language),
        opening=(say["opening"].format(day=day),),
        closing=(say["closing"],),
        lines=(),
        demanded=Money(0, statement.items[0].amount.currency),
        language=language,
        contact=statement.contact,
    )


def _block(item: BorneItem, say: Words, language: str) -> dict[str, Any]:
    own = say["interest"]
    return {
        "title": own["item"].format(number=item.number),
        "facts": list(_facts(item, say, language)),
        "head": [own[name] for name in ("from", "to", "days", "balance", "rate", "interest")],
        "rows": [_row(one, own, language) for one in item.slices],
        "currency": say["table"]["currency"].format(currency=item.amount.currency),
        "total": (own["item_total"], _amount(item.total, language)) if item.slices and item.total else None,
        "note": _note(item, own, language),
    }


def _facts(item: BorneItem, say: Words, language: str) -> Iterator[tuple[str, str]]:
    own, table = say["interest"], say["table"]
    if item.issued_on:
        yield table["issued_on"], format_long_date(item.issued_on, language)
    yield table["due_on"], format_long_date(item.due_on, language)
    yield table["amount"], format_money(item.amount, language)
    for on, paid in item.payments:
        yield (
            own["payment"],
            own["paid_on"].format(sum=format_money(paid, language), day=format_long_date(on, language)),
        )
    if item.default_on and item.ground:
        ground = say["interest_grounds"][item.ground]
        yield own["default_on"], format_long_date(item.default_on, language)
        yield own["ground"], f"{ground} ({item.law_of_default})"
    if item.slices:
        yield own["law"], item.law or own["agreed"]
        yield own["day_count"], own[item.day_count]


def _row(one: BorneSlice, own: Any, language: str) -> list[str]:
    return [
        format_date(one.first_on, language),
        format_date(one.last_on, language),
        str(one.days),
        _amount(one.balance, language),
        format_basis_points(one.bp, language),
        _amount(one.interest, language),
    ]


def _note(item: BorneItem, own: Any, language: str) -> str:
    """Why nothing, or not everything, is reckoned."""
    if item.horizon is not None:
        return str(own["horizon"].format(day=format_long_date(item.horizon, language)))
    if item.default_on is None:
        return str(own["no_default"])
    if not item.slices:
        return str(own["nothing"] if item.total is not None else own["no_rate"])
    return "" if item.sure else str(own["unsure"])


def _sources(items: Sequence[BorneItem], own: Any, language: str) -> Iterator[str]:
    """Each published rate once, with who published it."""
    known = (one for item in items for one in item.slices if one.reference_bp is not None and one.source)
    for reference, bp, source in dict.fromkeys((one.reference_bp or 0, one.bp, one.source) for one in known):
        yield own["source"].format(
            reference=format_basis_points(reference, language),
            rate=format_basis_points(bp, language),
            source=source,
        )


def _amount(money: Money | None, language: str) -> str:
    """With a true minus sign, as wide as a figure."""
    return format_amount(money, language).replace("-", "\u2212") if money is not None else ""
