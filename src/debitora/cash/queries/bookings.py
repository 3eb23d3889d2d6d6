"""What became of lines: their bookings with what each did to which item, and what a statement's lines come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from debitora.cash.models import BankEntry, BookedPart, Booking, EntryState, Statement, Telling
from debitora.cash.queries.fitting import statement_sql
from debitora.cash.queries.proposals import ItemFacts, Named, customers_by_id, items_by_id
from debitora.cash.rules.conversion import Conversion
from debitora.kit.pg.bulk import rows
from debitora.receivables.models import Allocation
from debitora.trail.queries import wordings
from debitora.values.money import Money

CREDITS: Final = ("credit", "payment")


@dataclass(frozen=True, slots=True)
class BookedPartRow:
    """What a booking did to one item. reason: of an allocation, why this item."""

    item: ItemFacts
    kind: str
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Other:
    """A proposal that there was, as it stood when the line was booked. confidence: basis points."""

    customer: Named | None
    kind: str
    confidence: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What spoke for the proposal that was booked, and what else was proposed."""

    kind: str
    evidence: tuple[str, ...]
    others: tuple[Other, ...]


@dataclass(frozen=True, slots=True)
class BookingRow:
    """What a part of a line was, who said so and why. amount: signed as the line. confidence: basis points. conversion: what it counted
    as, where that was in another currency.

    on_account: of a payment, what no item took. taken_back: a later booking reverses it; reverses: it reverses another.
    why: of a booking that followed a proposal.
    """

    id: int
    entry: int
    kind: str
    amount: Money
    conversion: Conversion | None
    customer: Named | None
    item: ItemFacts | None
    third_party: Named | None
    ignored_for: str
    note: str
    origin: str
    confidence: int | None
    why: Why | None
    at: datetime
    by: str
    taken_back: bool
    reverses: int | None
    parts: tuple[BookedPartRow, ...]

    @property
    def on_account(self) -> Money:
        """What no item took when it was booked, in the currency of its items."""
        taken = sum(
            -part.amount.minor if part.item.kind in CREDITS else part.amount.minor
            for part in self.parts
            if part.kind == "allocated"
        )
        worth = self.conversion.worth if self.conversion else self.amount
        return Money(abs(worth.minor) - taken, worth.currency)


@dataclass(frozen=True, slots=True)
class FromLine:
    """What a bank line did to an item: money put against it, a discount, or that it came to be at all."""

    entry: int
    day: date
    name: str
    kind: str
    amount: Money
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """What became of the lines of a statement, in and out together, in minor units without sign."""

    lines: int
    total_minor: int
    matched_minor: int
    on_account_minor: int
    paid_out_minor: int
    ignored_minor: int
    open_minor: int

    @property
    def basis_points(self) -> int:
        """How much of the sum is explained."""
        return (
            10_000 * (self.total_minor - self.open_minor) // self.total_minor if self.total_minor else 10_000
        )


def entry_by_id(*, bank_entry: int) -> BankEntry | None:
    """The line with its words, state, account and statement; None if it is not there."""
    found = BankEntry.objects.select_related("words", "state", "account", "statement")
    return found.filter(id=bank_entry).first()


def still_open(*, bank_entry: int) -> bool:
    """Whether something of a line is open."""
    return EntryState.objects.filter(entry=bank_entry).exclude(open_minor=0).exists()


def booking_by_id(*, booking: int) -> Booking | None:
    """The booking with its line; None if it is not there."""
    return Booking.objects.select_related("entry__account").filter(id=booking).first()


def is_final(*, bank_entry: int) -> bool:
    """Whether a bank has booked the line, and not only announced it."""
    return Telling.objects.filter(entry=bank_entry, weight__in=("final", "proven")).exists()


def statements_telling(*, bank_entry: int) -> list[Statement]:
    """The applied statements that tell a line, in the order in which they did."""
    told = Telling.objects.filter(entry=bank_entry, statement__state="applied")
    return [one.statement for one in told.select_related("statement").order_by("id")]


def bookings_of(*, bank_entry: int, currency: str) -> list[BookingRow]:
    """All bookings of a line, newest first, those that were taken back among them."""
    found = list(Booking.objects.filter(entry=bank_entry).order_by("-id"))
    return _booking_rows(found, currency)


def partly_paid(*, bookings: Iterable[int]) -> int | None:
    """The first item that the bookings have paid a part of and no more; None if they left none open."""
    found = BookedPart.objects.filter(booking__in=bookings, kind="allocated", item__state__open_minor__gt=0)
    return found.order_by("id").values_list("item_id", flat=True).first()


def _booking_rows(found: Sequence[Booking], currency: str) -> list[BookingRow]:
    reversed_ = {one.reverses_id for one in found if one.reverses_id}
    parts = _parts(found)
    others = [other for one in found for other in one.proposal.get("others", ())]
    customers = customers_by_id(
        [
            *(key for one in found for key in (one.customer_id, one.third_party_id) if key is not None),
            *(other["customer"] for other in others),
        ]
    )
    items = items_by_id(
        [
            *(one.item_id for one in found if one.item_id is not None),
            *(part[0] for other in others for part in other["parts"]),
        ]
    )
    notes = wordings(one.wording_id for one in found if one.wording_id)
    return [
        BookingRow(
            id=one.id,
            entry=one.entry_id,
            kind=one.kind,
            amount=Money(one.minor, currency),
            conversion=_conversion(one, currency, items),
            customer=customers.get(one.customer_id or 0),
            item=items.get(one.item_id or 0),
            third_party=customers.get(one.third_party_id or 0),
            ignored_for=one.ignored_for,
            note=notes.get(one.wording_id or 0, ""),
            origin=one.origin,
            confidence=one.confidence,
            why=_why(one.proposal, customers, items),
            at=one.booked_at,
            by=one.booked_by_label,
            taken_back=one.id in reversed_,
            reverses=one.reverses_id,
            parts=tuple(parts.get(one.id, ())),
        )
        for one in found
    ]


def _conversion(one: Booking, currency: str, items: Mapping[int, ItemFacts]) -> Conversion | None:
    if one.exchanged_minor is None:
        return None
    abroad = items[one.item_id or 0].open.currency
    return Conversion(Money(one.minor, currency), Money(one.exchanged_minor, abroad), one.rate_source)


def _why(
    told: Mapping[str, Any], customers: Mapping[int, Named], items: Mapping[int, ItemFacts]
) -> Why | None:
    """What a booking keeps of its proposal, with names; None by hand."""
    if "kind" not in told:
        return None
    others = tuple(
        Other(
            customer=customers.get(other["customer"]),
            kind=other["kind"],
            confidence=other["confidence"],
            numbers=tuple(items[part[0]].number for part in other["parts"]),
        )
        for other in told.get("others", ())
    )
    return Why(told["kind"], tuple(told["evidence"]), others)


def _parts(bookings: Iterable[Booking]) -> dict[int, list[BookedPartRow]]:
    found = list(BookedPart.objects.filter(booking__in=list(bookings)).order_by("booking_id", "id"))
    items = items_by_id(one.item_id for one in found)
    allocations = Allocation.objects.filter(id__in=[one.allocation_id for one in found if one.allocation_id])
    reasons = dict(allocations.values_list("id", "reason"))
    rows_: dict[int, list[BookedPartRow]] = defaultdict(list)
    for one in found:
        item = items[one.item_id]
        amount = Money(one.minor, item.open.currency)
        rows_[one.booking_id].append(
            BookedPartRow(item, one.kind, amount, reasons.get(one.allocation_id or 0, ""))
        )
    return rows_


def lines_of_item(*, item: int) -> list[FromLine]:
    """The bank lines behind an item, oldest first: what they put against it, and the one that it came from."""
    return [
        FromLine(
            entry=row["entry"],
            day=row["day"],
            name=row["name"],
            kind=row["kind"],
            amount=Money(row["minor"], row["currency"]),
            by=row["by"],
            at=row["at"],
        )
        for row in rows(statement_sql("of_item"), item=item)
    ]


def explained_by(*, statement: Statement) -> Explained:
    """What became of the lines of an applied statement."""
    found = rows(statement_sql("explained"), company=statement.company_id, statement=statement.id)[0]
    return Explained(**{name: int(value) for name, value in found.items()})
