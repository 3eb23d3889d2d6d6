"""What open lines may be: proposals with the items they name, as pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from debitora.cash.models import Proposal
from debitora.cash.rules.proposing import Proposal as Made
from debitora.receivables.models import Customer, Item
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class Named:
    """A customer by id, number and name."""

    id: int
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item that a proposal or a booking names, as it is now."""

    id: int
    number: str
    kind: str
    due_on: date
    open: Money


@dataclass(frozen=True, slots=True)
class PartRow:
    """What a proposal would do to one item; a credit's money is below zero."""

    item: ItemFacts
    money: Money
    discount: Money
    written_off: Money

    @property
    def left_minor(self) -> int:
        """What would stay open of the item; nothing of a credit, or of one that a list has settled."""
        taken = self.money.minor + self.discount.minor + self.written_off.minor
        return max(self.item.open.minor - taken, 0) if self.money.minor >= 0 else 0


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What a line may be. confidence: basis points. evidence: codes that speak for it, or against.

    customer: None for a line that is none of a customer's; ignored_for says then why.
    worth: what the line counts as, where its items are in another currency than the account.
    """

    id: int
    entry: int
    rank: int
    customer: Named | None
    kind: str
    confidence: int
    evidence: tuple[str, ...]
    parts: tuple[PartRow, ...]
    ignored_for: str = ""
    worth: Money | None = None

    @property
    def allocated_minor(self) -> int:
        """What of the line its items would take, in their currency."""
        return sum(part.money.minor for part in self.parts)

    @property
    def left_minor(self) -> int:
        """What would stay open of its items."""
        return sum(part.left_minor for part in self.parts)


def proposals_of(*, entries: Iterable[int], most: int = 5) -> dict[int, list[ProposalRow]]:
    """The proposals of lines, best first, at most so many of each; lines without any are absent."""
    found = list(Proposal.objects.filter(entry__in=set(entries), rank__lte=most).order_by("entry_id", "rank"))
    items = items_by_id(part[0] for one in found for part in one.parts)
    customers = customers_by_id(one.customer_id for one in found if one.customer_id)
    rows: dict[int, list[ProposalRow]] = defaultdict(list)
    for one in found:
        rows[one.entry_id].append(_row(one, customers, items))
    return dict(rows)


def proposals_made(proposals: Iterable[Made]) -> dict[int, ProposalRow]:
    """What a matching has just made, one of each line at most, by line; whether it was kept or not."""
    found = list(proposals)
    items = items_by_id(part.item for one in found for part in one.parts)
    customers = customers_by_id(one.customer for one in found if one.customer)
    return {
        one.line: ProposalRow(
            id=0,
            entry=one.line,
            rank=one.rank,
            customer=customers.get(one.customer),
            ignored_for=one.ignored_for,
            kind=one.kind,
            confidence=one.confidence,
            evidence=one.evidence,
            parts=tuple(
                _part(items[part.item], (part.minor, part.discount, part.written_off)) for part in one.parts
            ),
            worth=Money(one.exchanged.minor, one.exchanged.currency) if one.exchanged else None,
        )
        for one in found
    }


def proposal_by_id(*, proposal: int) -> Proposal | None:
    """The proposal; None if lines were matched anew since."""
    return Proposal.objects.filter(id=proposal).first()


def items_by_id(items: Iterable[int]) -> dict[int, ItemFacts]:
    """Items as they are now; unknown ids are absent."""
    found = Item.objects.filter(id__in=set(items)).select_related("state")
    return {
        item.id: ItemFacts(
            item.id, item.number, item.kind, item.state.due_on, Money(item.state.open_minor, item.currency)
        )
        for item in found
    }


def customers_by_id(customers: Iterable[int]) -> dict[int, Named]:
    """What customers are called; unknown ids are absent."""
    found = Customer.objects.filter(id__in=set(customers)).select_related("party")
    return {one.id: Named(one.id, one.number, one.party.name) for one in found}


def _row(one: Proposal, customers: dict[int, Named], items: dict[int, ItemFacts]) -> ProposalRow:
    return ProposalRow(
        id=one.id,
        entry=one.entry_id,
        rank=one.rank,
        customer=customers[one.customer_id] if one.customer_id else None,
        ignored_for=one.ignored_for,
        kind=one.kind,
        confidence=one.confidence,
        evidence=tuple(one.evidence),
        parts=tuple(_part(items[part[0]], part[1:]) for part in one.parts),
        worth=Money(one.exchanged_minor, one.exchanged_currency) if one.exchanged_minor else None,
    )


def _part(item: ItemFacts, minors: Sequence[int]) -> PartRow:
    money, discount, written_off = (Money(minor, item.open.currency) for minor in minors)
    return PartRow(item, money, discount, written_off)
