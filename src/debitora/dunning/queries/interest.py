"""Interest on an item as evidence: since when it is in default and why, what was paid when, slice by slice at the rate of the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from debitora.dunning.models import NoticeEvent
from debitora.dunning.queries.candidates import candidates
from debitora.dunning.queries.rates import Tables, rate_tables
from debitora.dunning.rules.default import FRIENDLY, Debt, Default, Reminded, default_of
from debitora.dunning.rules.policy import Claims, Interest, Policy
from debitora.engine.interest import DayCount, Payment, interest
from debitora.engine.interest import Interest as Borne
from debitora.kit.pg.bulk import rows
from debitora.people.models import Company
from debitora.receivables.models import Allocation, Entry, Item, LevelEvent
from debitora.values.days import next_working_day
from debitora.values.rates import BeforeTable, NotYetKnown
from debitora.values.statutes import (
    InterestLaw,
    NoStatutoryRate,
    RatePeriod,
    agreed_periods,
    half_year,
    interest_law,
    statutory_periods,
)


@dataclass(frozen=True, slots=True)
class InterestCard:
    """An item's interest until the day before `until`. borne: None where no rate is known; `horizon` is then the last day that is.

    law: "" where a rate was agreed. sure: false where it was not read in a source. references: for each slice what was
    published, in basis points; None where the rate is fixed or agreed. payments: what lowered the item, until that day.
    """

    until: date
    kind: str
    country: str
    day_count: DayCount
    default: Default | None
    law: str = ""
    sure: bool = True
    borne: Borne | None = None
    horizon: date | None = None
    principal_minor: int = 0
    payments: tuple[Payment, ...] = ()
    references: tuple[int | None, ...] = ()


def interest_card(*, company: Company, item: Item, until: date) -> InterestCard:
    """What the item has borne since default, by the strategy of its customer. What is not open for long enough has borne nothing.

    The kind and country of the strategy count; a customer without one is a consumer in the company's country.
    """
    return _card(company, item, until, _policy(company, item.customer_id, until), rate_tables())


def interest_cards(
    *, company: Company, customer: int, items: Sequence[Item], until: date
) -> list[InterestCard]:
    """What items of one customer have borne, each as `interest_card` tells it."""
    policy, tables = _policy(company, customer, until), rate_tables()
    return [_card(company, item, until, policy, tables) for item in items]


def _card(company: Company, item: Item, until: date, policy: Policy | None, tables: Tables) -> InterestCard:
    claims = policy.claims if policy else Claims()
    kind, country = (
        (policy.debtor.value, policy.country)
        if policy
        else (item.customer.kind or "consumer", company.country)
    )
    debt = Debt(
        country=country,
        kind=kind,
        due_on=item.state.due_on,
        issued_on=item.issued_on,
        agreed=claims.due_date_agreed,
        told=claims.invoice_told_default,
        reminded=_reminded(item),
    )
    default = default_of(debt, working=lambda day: next_working_day(day, company.country))
    known = InterestCard(
        until,
        kind,
        country,
        claims.day_count,
        default,
        principal_minor=_raised(item),
        payments=tuple(one for one in _payments(item) if one.on < until),
    )
    return _with_interest(known, item, claims, tables) if default and default.from_on < until else known


def _policy(company: Company, customer: int, on: date) -> Policy | None:
    known = candidates(on=on, time_zone=company.time_zone, customer=customer, every_due_day=True)
    given = known.customers["policy_id"].to_list()
    return known.policies.get(given[0]) if given else None


def _reminded(item: Item) -> tuple[Reminded, ...]:
    """The notices that left the house and did not come back. A call proves nothing."""
    events = LevelEvent.objects.filter(company_id=item.company_id, item=item)
    called = NoticeEvent.objects.filter(company_id=item.company_id, kind="called").values("notice_id")
    events = events.exclude(notice_id__in=called)
    withdrawn = set(events.filter(withdrawn=True).values_list("notice_id", flat=True))
    found = [one for one in events.filter(withdrawn=False).order_by("id") if one.notice_id not in withdrawn]
    printed = set(
        NoticeEvent.objects.filter(
            company_id=item.company_id, notice_id__in=[one.notice_id for one in found], kind="printed"
        ).values_list("notice_id", flat=True)
    )
    friendly = _friendly([one.notice_id for one in found])
    return tuple(
        Reminded(one.effective_on, one.notice_id in printed, one.notice_id not in friendly) for one in found
    )


def _friendly(notices: Sequence[int]) -> set[int]:
    """Those of the notices that only reminded."""
    found = rows(
        """select n.id from dunning_notice n
           join dunning_runstep t on t.company_id = n.company_id and t.run_id = n.run_id
            and t.strategy_version_id = n.strategy_version_id and t.level = n.level
           where n.id = any(%(notices)s) and t.step ->> 'text' = %(friendly)s""",
        notices=list(notices),
        friendly=FRIENDLY,
    )
    return {row["id"] for row in found}


def _with_interest(known: InterestCard, item: Item, claims: Claims, tables: Tables) -> InterestCard:
    start = known.default.from_on if known.default else known.until
    try:
        law, periods = _rates(known, item, claims, start, tables)
    except NotYetKnown as beyond:
        return replace(known, horizon=beyond.known_to)
    except (BeforeTable, NoStatutoryRate):
        return known
    borne = interest(
        known.principal_minor,
        start=start,
        end=known.until,
        periods=periods,
        payments=known.payments,
        day_count=known.day_count,
    )
    references = tuple(_reference(law, tables, one.from_on) for one in borne.slices)
    return replace(
        known, law=law.law if law else "", sure=law is None or law.sure, borne=borne, references=references
    )


def _reference(law: InterestLaw | None, tables: Tables, day: date) -> int | None:
    """What was published for the day; None where the law's rate is fixed or was agreed."""
    if law is None or not law.reference:
        return None
    return tables[law.reference].at(half_year(day) if law.half_yearly else day).bp


def _rates(
    known: InterestCard, item: Item, claims: Claims, start: date, tables: Tables
) -> tuple[InterestLaw | None, tuple[RatePeriod, ...]]:
    if claims.interest is Interest.AGREED and claims.agreed_bp is not None:
        return None, agreed_periods(claims.agreed_bp, start=start, end=known.until, source="")
    law = interest_law(known.country, known.kind, arisen_on=item.issued_on or item.state.due_on)
    return law, statutory_periods(law, tables, start=start, end=known.until)


def _live_entries(item: Item) -> Sequence[Entry]:
    """Entries that nothing reversed."""
    of_item = Entry.objects.filter(company_id=item.company_id, item=item)
    reversed_ids = of_item.exclude(reverses=None).values("reverses_id")
    return list(of_item.filter(reverses=None).exclude(id__in=reversed_ids).order_by("id"))


def _raised(item: Item) -> int:
    """All that it was opened, charged and corrected with, whenever: what payments lower."""
    return sum(one.amount_minor for one in _live_entries(item) if one.amount_minor > 0)


def _payments(item: Item) -> list[Payment]:
    """What settled the item and still does, each from its own day: payments, what lists told, what was written off."""
    allocations = Allocation.objects.filter(company_id=item.company_id, debit_item=item)
    released = allocations.exclude(reverses=None).values("reverses_id")
    live = allocations.filter(reverses=None).exclude(id__in=released).order_by("id")
    paid = [Payment(one.effective_on, one.amount_minor) for one in live]
    settled = [
        Payment(one.effective_on, -one.amount_minor) for one in _live_entries(item) if one.amount_minor < 0
    ]
    return sorted([*paid, *settled], key=lambda one: one.on)


def tomorrow(day: date) -> date:
    """The first day that does not count where interest is told including `day`."""
    return day + timedelta(days=1)
