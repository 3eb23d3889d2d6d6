"""What became of bank lines once more, computed from append-only rows alone and without any of the writers' code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from debitora.cash.models import BankEntry, Booking, EntryState
from debitora.receivables.models import Allocation, Entry, Item, ItemState

OUTFLOWS = ("returned", "refunded")


def cash_findings() -> list[str]:
    """Every broken identity between bank lines, their bookings and the ledger's payments; empty: all is well."""
    return [*_of_lines(), *_of_reversals(), *_of_payments(), *_of_all()]


def live_bookings() -> list[Booking]:
    """Bookings that reverse nothing and that nothing reversed."""
    every = list(Booking.objects.order_by("id"))
    gone = {one.reverses_id for one in every}
    return [one for one in every if one.reverses_id is None and one.id not in gone]


def _of_lines() -> Iterator[str]:
    """DOMAIN, identity 4: what is booked of a line and what is still open of it are its amount, never across zero."""
    lines = dict(BankEntry.objects.values_list("id", "minor"))
    booked: Counter[int] = Counter()
    for entry, minor in Booking.objects.values_list("entry_id", "minor"):
        booked[entry] += minor
    states = {state.entry_id: state for state in EntryState.objects.all()}
    if states.keys() != lines.keys():
        yield f"states of lines {sorted(states.keys() ^ lines.keys())}"
    for entry, state in states.items():
        side = 1 if lines[entry] > 0 else -1
        if state.minor != lines[entry] or state.open_minor != lines[entry] - booked[entry]:
            yield f"line {entry}: open {state.open_minor}, of {lines[entry]} {booked[entry]} is booked"
        if not 0 <= side * state.open_minor <= side * lines[entry]:
            yield f"line {entry}: {state.open_minor} of {lines[entry]} is across the line"


def _of_reversals() -> Iterator[str]:
    reversed_ = Counter(Booking.objects.exclude(reverses=None).values_list("reverses_id", flat=True))
    yield from (f"booking {one} is taken back {times} times" for one, times in reversed_.items() if times > 1)
    for back in Booking.objects.exclude(reverses=None).select_related("reverses"):
        if (back.entry_id, back.kind, back.minor) != (
            back.reverses.entry_id,
            back.reverses.kind,
            -back.reverses.minor,
        ):
            yield f"booking {back.id} takes back another thing"


def _of_payments() -> Iterator[str]:
    """I2: a payment is what was put against debits of it, what went out again, and what is open; taken back it is nothing."""
    live = {one.item_id: one for one in live_bookings() if one.kind == "payment"}
    opened = dict(ItemState.objects.values_list("item_id", "open_minor"))
    put: Counter[int] = Counter()
    for credit, minor in Allocation.objects.values_list("credit_item_id", "amount_minor"):
        put[credit] += minor
    out: defaultdict[int, int] = defaultdict(int)
    for item, minor in Entry.objects.filter(kind__in=OUTFLOWS).values_list("item_id", "amount_minor"):
        out[item] += minor
    made = Booking.objects.filter(kind="payment", reverses=None).values_list("item_id", flat=True)
    for item in Item.objects.filter(id__in=list(made)):
        booking = live.get(item.id)
        amount = _worth(booking) if booking else 0
        if amount != put[item.id] + out[item.id] - opened[item.id]:
            yield f"payment {item.id}: {amount} is not {put[item.id]} + {out[item.id]} + {-opened[item.id]}"
        if booking and (item.kind, item.amount_minor) != ("payment", -_worth(booking)):
            yield f"payment {item.id} is not what booking {booking.id} made"


def _worth(booking: Booking) -> int:
    """What it counts as in the currency of its item."""
    return booking.minor if booking.exchanged_minor is None else booking.exchanged_minor


def _of_all() -> Iterator[str]:
    """No cent is lost: all that came in is a payment, set aside or open."""
    came = sum(minor for minor in BankEntry.objects.values_list("minor", flat=True) if minor > 0)
    live = sum(one.minor for one in live_bookings() if one.minor > 0)
    waits = sum(minor for minor in EntryState.objects.values_list("open_minor", flat=True) if minor > 0)
    if came != live + waits:
        yield f"{came} came in, {live} is booked, {waits} is open"
