"""Piles of letters: what lies in them, whether they were posted, and what their cover list says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from debitora.messaging.models import Intent, IntentItem, Pile, PileDrop, PileEvent, PileLetter
from debitora.messaging.rules.states import REVERSIBLE, State
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class PileState:
    """A pile and the newest word on it: when and by whom it was posted, and until when that can be taken back."""

    pile: Pile
    posted_at: datetime | None = None
    posted_by: str = ""
    moved: tuple[int, ...] = ()

    def reversible(self, at: datetime) -> bool:
        """Whether the word that it was posted can still be taken back."""
        return self.posted_at is not None and at < self.posted_at + REVERSIBLE


@dataclass(frozen=True, slots=True)
class PileRow:
    """One letter of a pile, as its page lists it."""

    intent: int
    place: int
    customer: int
    customer_number: str
    name: str
    town: str
    pages: int
    state: str


def pile_state(pile: Pile) -> PileState:
    """The pile with the newest word on it."""
    last = PileEvent.objects.filter(pile=pile).order_by("-id").first()
    if last is None or last.kind != "posted":
        return PileState(pile)
    return PileState(pile, last.recorded_at, last.actor_label, tuple(last.intents))


def newest_piles(*, most: int = 10) -> list[PileState]:
    """The piles made last, newest first."""
    return [pile_state(pile) for pile in Pile.objects.order_by("-id")[:most]]


def pile_rows(*, pile: int) -> list[PileRow]:
    """The letters of a pile in the order in which they lie."""
    found = PileLetter.objects.filter(pile_id=pile).select_related("intent__customer", "intent__party")
    return [_row(one) for one in found.order_by("place")]


def _row(one: PileLetter) -> PileRow:
    party = one.intent.party
    return PileRow(
        intent=one.intent_id,
        place=one.place,
        customer=one.intent.customer_id,
        customer_number=one.intent.customer.number,
        name=party.name,
        town=" ".join(part for part in (party.country, party.postcode, party.city) if part),
        pages=one.pages,
        state=one.intent.state,
    )


def last_drop(*, pile: int) -> PileDrop | None:
    """How far the pile came on its last way to a letter service; None if it was never sent there."""
    return PileDrop.objects.filter(pile_id=pile).order_by("-id").first()


def waiting_letters(*, chosen: Sequence[int] | None, most: int) -> list[Intent]:
    """Letters that nobody has printed yet, oldest first, with customer, address and bytes; `chosen` None: all."""
    waiting = Intent.objects.filter(channel="letter", state=State.QUEUED, document__isnull=False)
    if chosen is not None:
        waiting = waiting.filter(id__in=chosen)
    return list(waiting.select_related("customer", "party", "document").order_by("id")[:most])


def due_sums(*, intents: Sequence[int]) -> dict[int, Money]:
    """What the due items of letters were open with when they were made, by intent."""
    found = (
        IntentItem.objects.filter(intent_id__in=intents, due=True)
        .values_list("intent_id", "item__currency")
        .annotate(total=Sum("open_minor"))
        .order_by("intent_id")
    )
    return {intent: Money(int(total), currency) for intent, currency, total in found}
