"""Holding one notice against the law, before it is made: what it asks for, of whom, until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from debitora.dunning.rules.law.rules import Finding, Rule
from debitora.dunning.rules.law.scales import LUMP_SUM_MINOR, belgian_costs, dutch_costs
from debitora.dunning.rules.law.steps import euros
from debitora.dunning.rules.policy import DebtorKind
from debitora.values.days import is_working_day


@dataclass(frozen=True, slots=True)
class Asked:
    """What a notice asks for. Minor units of its currency; `country` and `debtor` are those of its strategy.

    levels: (before, after) of each due item. in_default: whether a due item was in default before this notice, on a ground of
    its own: reminding of that one costs, whatever else the notice lists; None = not known, then the strategy answers. lawful_interest_minor, bearing_minor: what the law gives
    and the sum that bore the interest; None = not known. holidays: country and subdivision of the company.
    """

    country: str
    debtor: DebtorKind
    level: int
    currency: str
    principal_minor: int
    deadline_on: date
    levels: tuple[tuple[int, int], ...] = ()
    fee_minor: int = 0
    lump_sum_minor: int = 0
    interest_minor: int = 0
    in_default: bool | None = None
    lawful_interest_minor: int | None = None
    bearing_minor: int | None = None
    holidays: tuple[str, str] = ("", "")

    @property
    def costs_minor(self) -> int:
        """Fee and lump sums."""
        return self.fee_minor + self.lump_sum_minor

    @property
    def claims(self) -> bool:
        """Whether anything is asked for beside the sum."""
        return self.costs_minor + self.interest_minor > 0


def findings_of_notice(asked: Asked, of_strategy: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """What the law says against the notice; `of_strategy` are the findings of the strategy that made it."""
    found = [*_of_default(asked), *_of_costs(asked), *_of_interest(asked), *_of_days(asked)]
    if asked.claims:
        found.extend(_inherited(asked, of_strategy))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (not one.unlawful, one.rule, one.place)))


def _inherited(asked: Asked, of_strategy: Iterable[Finding]) -> Iterator[Finding]:
    """What is unlawful about the strategy as a whole, or about this step of it."""
    own = (f"steps[{asked.level}].", "claims.")
    for finding in of_strategy:
        known = finding.rule is Rule.COST_CAUSES_DEFAULT and asked.in_default
        if finding.unlawful and finding.place.startswith(own) and not known:
            yield finding


def _of_default(asked: Asked) -> Iterator[Finding]:
    if asked.country == "DE" and asked.costs_minor and asked.in_default is False:
        yield Finding(Rule.COST_CAUSES_DEFAULT, f"steps[{asked.level}].fee")


def _of_costs(asked: Asked) -> Iterator[Finding]:
    consumer = asked.debtor is DebtorKind.CONSUMER
    if consumer and asked.lump_sum_minor:
        yield Finding(Rule.LUMP_SUM_CONSUMER, "")
    if asked.lump_sum_minor > LUMP_SUM_MINOR * len(asked.levels):
        yield Finding(Rule.LUMP_SUM_TWICE, "")
    if not consumer or asked.currency != "EUR":
        return
    if asked.country == "NL" and asked.costs_minor > dutch_costs(asked.principal_minor):
        yield _above(Rule.DUTCH_SCALE, asked, dutch_costs(asked.principal_minor))
    if asked.country == "BE" and asked.level == 1 and asked.claims:
        yield Finding(Rule.BELGIAN_FIRST_FREE, "")
    if asked.country == "BE" and asked.costs_minor > belgian_costs(asked.principal_minor):
        yield _above(Rule.BELGIAN_SCALE, asked, belgian_costs(asked.principal_minor))


def _above(rule: Rule, asked: Asked, most: int) -> Finding:
    return Finding(rule, "", (("fee", euros(asked.costs_minor)), ("most", euros(most))))


def _of_interest(asked: Asked) -> Iterator[Finding]:
    lawful, bearing = asked.lawful_interest_minor, asked.bearing_minor
    if lawful is not None and asked.interest_minor > lawful:
        yield Finding(Rule.INTEREST_ABOVE_STATUTORY, "")
    if bearing is not None and asked.interest_minor and bearing > asked.principal_minor:
        yield Finding(Rule.COMPOUND_INTEREST, "")


def _of_days(asked: Asked) -> Iterator[Finding]:
    country, subdivision = asked.holidays
    if country and not is_working_day(asked.deadline_on, country, subdivision):
        yield Finding(Rule.DEADLINE_NO_WORKING_DAY, "")
    for before, after in asked.levels:
        if after - before > 1:
            values = (("before", str(before)), ("level", str(after)))
            yield Finding(Rule.LEVEL_SKIPPED, "", values)
