"""Interest on an item as evidence: since when it is in default and why, what was paid when, slice by slice at the rate of the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from debitora.dunning.models import NoticeEvent
from debitora.dunning.queries.candidates import candidates
from debitora.dunning.queries.rates import rate_tables
from debitora.dunning.rules.default import Debt, Default, Reminded, default_of
from debitora.dunning.rules.policy import Claims, Interest, Policy
from debitora.engine.interest import DayCount, Payment, interest
from debitora.engine.interest import Interest as Borne
from debitora.people.models import Company
from debitora.receivables.models import Allocation, Entry, Item, LevelEvent
from debitora.values.days import next_working_day
from debitora.values.rates import BeforeTable, NotYetKnown
from debitora.values.statutes import (
    InterestLaw,
    NoStatutoryRate,
    RatePeriod,
    agreed_periods,
    interest_law,
    statutory_periods,
)


@dataclass(frozen=True, slots=True)
class InterestCard:
    """An item's interest until the day before `until`. borne: None where no rate is known; `horizon` is then the last day that is.

    law: "" where a rate was agreed. sure: false where it was not read in a source.
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


def interest_card(*, company: Company, item: Item, until: date) -> InterestCard:
    """What the item has borne since default, by the strategy of its customer. What is not open for long enough has borne nothing.

    The kind and country of the strategy count; a customer without one is a consumer in the company's country.
    """
    policy = _policy(company, item, until)
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
    known = InterestCard(until, kind, country, claims.day_count, default)
    return _with_interest(known, item, claims) if default and default.from_on < until else known


def _policy(company: Company, item: Item, on: date) -> Policy | None:
    known = candidates(on=on, time_zone=company.time_zone, customer=item.customer_id, every_due_day=True)
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
    return tuple(Reminded(one.effective_on, one.notice_id in printed) for one in found)


def _with_interest(known: InterestCard, item: Item, claims: Claims) -> InterestCard:
    start = known.default.from_on if known.default else known.until
    try:
        law, periods = _rates(known, item, claims, start)
    except NotYetKnown as beyond:
        return _replaced(known, horizon=beyond.known_to)
    except (BeforeTable, NoStatutoryRate):
        return known
    borne = interest(
        item.amount_minor + _raised_later(item),
        start=start,
        end=known.until,
        periods=periods,
        payments=_payments(item),
        day_count=known.day_count,
    )
    return _replaced(known, law=law.law if law else "", sure=law is None or law.sure, borne=borne)


def _rates(
    known: InterestCard, item: Item, claims: Claims, start: date
) -> tuple[InterestLaw | None, tuple[RatePeriod, ...]]:
    if claims.interest is Interest.AGREED and claims.agreed_bp is not None:
        return None, agreed_periods(claims.agreed_bp, start=start, end=known.until, source="")
    law = interest_law(known.country, known.kind, arisen_on=item.issued_on or item.state.due_on)
    return law, statutory_periods(law, rate_tables(), start=start, end=known.until)


def _replaced(known: InterestCard, **more: object) -> InterestCard:
    fields = {name: getattr(known, name) for name in InterestCard.__dataclass_fields__}
    return InterestCard(**(fields | more))


def _live_entries(item: Item) -> Sequence[Entry]:
    """Entries that nothing reversed, but for the opening."""
    of_item = Entry.objects.filter(company_id=item.company_id, item=item)
    reversed_ids = of_item.exclude(reverses=None).values("reverses_id")
    return list(
        of_item.filter(reverses=None).exclude(id__in=reversed_ids).exclude(kind="opened").order_by("id")
    )


def _raised_later(item: Item) -> int:
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
