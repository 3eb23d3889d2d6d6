"""Which strategy a customer gets, and which rule says so: her own choice, else the first rule that fits, else the company's.

The order makes it free of conflict: every customer is caught by exactly one rule, or by none where the company has no
strategy for her kind. `debitora.engine.assignment` says the same for all customers at once; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from debitora.dunning.rules.policy import debtor_kind


class Source(StrEnum):
    """What gave a customer her strategy."""

    CUSTOMER = "customer"
    SEGMENT = "segment"
    COMPANY = "company"
    NOBODY = "nobody"
    """No rule fits, and the company has no strategy for her kind: she is not reminded."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What rules look at. Empty or None = not known; a customer of unknown kind counts as a consumer."""

    kind: str
    country: str
    """ISO 3166; the company's own where the customer's is not known."""
    language: str
    salesperson: int | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A rule: all attributes that it names must be the customer's. Empty or None = whatever it is."""

    id: int
    strategy: int
    kind: str = ""
    country: str = ""
    language: str = ""
    salesperson: int | None = None

    def fits(self, traits: Traits) -> bool:
        """Whether the customer has all of the rule's attributes."""
        return (
            self.kind in ("", debtor_kind(traits.kind).value)
            and self.country in ("", traits.country)
            and self.language in ("", traits.language)
            and self.salesperson in (None, traits.salesperson)
        )

    def holds(self, other: Segment) -> bool:
        """Whether this rule catches everybody whom the other would catch."""
        return (
            self.kind in ("", other.kind)
            and self.country in ("", other.country)
            and self.language in ("", other.language)
            and self.salesperson in (None, other.salesperson)
        )


@dataclass(frozen=True, slots=True)
class Assignments:
    """All that a company says about who gets which strategy."""

    own: Mapping[int, int] = field(default_factory=dict)
    """Customer -> strategy, chosen by a person."""
    segments: tuple[Segment, ...] = ()
    """In the order in which they are asked."""
    company: Mapping[str, int] = field(default_factory=dict)
    """Kind (business, consumer) -> strategy."""

    @property
    def strategies(self) -> frozenset[int]:
        """Every strategy that anything names."""
        return frozenset(
            [*self.own.values(), *(one.strategy for one in self.segments), *self.company.values()]
        )


@dataclass(frozen=True, slots=True)
class Given:
    """The strategy of a customer and what gave it; `segment` is the rule's id where one did."""

    strategy: int | None
    source: Source
    segment: int | None = None


def given(customer: int, traits: Traits, rules: Assignments) -> Given:
    """The strategy of one customer."""
    if customer in rules.own:
        return Given(rules.own[customer], Source.CUSTOMER)
    found = next((one for one in rules.segments if one.fits(traits)), None)
    if found is not None:
        return Given(found.strategy, Source.SEGMENT, found.id)
    strategy = rules.company.get(debtor_kind(traits.kind).value)
    return Given(strategy, Source.NOBODY if strategy is None else Source.COMPANY)


def never_asked(segments: tuple[Segment, ...]) -> Mapping[int, int]:
    """Rules that can catch nobody -> the earlier rule that catches all of theirs (ids)."""
    return {
        later.id: earlier.id
        for place, later in enumerate(segments)
        for earlier in segments[:place][::-1]
        if earlier.holds(later)
    }
