"""Why an item was reminded of, or not: its facts as the ledger has them now, explained by the row-wise rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from debitora.dunning.models import Decision, StrategyVersion
from debitora.dunning.queries.candidates import Candidates, candidates
from debitora.dunning.queries.claims import claims_of_run
from debitora.dunning.queries.contents import Claimable
from debitora.dunning.queries.pauses import pauses_of
from debitora.dunning.queries.sales import asked, has_sales
from debitora.dunning.rules.facts import Facts, Hold
from debitora.dunning.rules.facts import Item as ItemFact
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.why import NoSuchItem, Why, explain
from debitora.people.models import Company
from debitora.receivables.models import Item
from debitora.values.numbers import number_key

_LAST_DECISION: Final = """
    select d.* from dunning_run r
    cross join lateral (
        select * from dunning_decided
        where company_id = r.company_id and run_id = r.id and customer_id = %(customer)s and item_id = %(item)s
          and month = dunning_month_of(r.created_at)
    ) d
    where r.company_id = current_setting('app.company')::bigint
    order by r.id desc limit 1"""
"""The customer is handed in: joined from the item, the planner would unfold every notice of the company."""


class ItemUnknown(Exception):
    """No item of this company has that number or id."""


class SeveralItems(ItemUnknown):
    """Several items have that number; the text lists their ids."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What the newest run that looked at the item decided then. Amounts are minor units."""

    run: int
    on: date
    reason: str
    level_before: int
    level_to: int
    days_overdue: int
    open_minor: int
    held_minor: int
    strategy: str
    strategy_version: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """The why-card: what was decided last, and how the rule reads on a day with what is known now."""

    item: int
    number: str
    customer: int
    on: date
    strategy: str
    strategy_version: int | None
    decided: Decided | None
    why: Why
    claims: Claimable | None = None
    """What the notice of that day would claim beside the item."""


def why_item(*, company: Company, item: str | int, on: date) -> Card:
    """The why-card of an item given by id or number. Raises ItemUnknown, SeveralItems.

    An item that is settled, or a credit, has a card without reason: there is nothing to decide.
    """
    found = _item(company, item)
    known = candidates(on=on, time_zone=company.time_zone, customer=found.customer_id, every_due_day=True)
    facts = replace(
        _facts(known, found.customer_id),
        pauses=pauses_of(customer=found.customer_id, on=on),
        has_sales=has_sales(customer=found.customer_id),
        gates=tuple(one.gate for one in asked(customer=found.customer_id)),
    )
    try:
        why = explain(facts, found.id, on=on)
    except NoSuchItem:
        why = Why(item_id=found.id, on=on, reason=None, facts=(), rule=None, changes=(), together=())
    name, number = _strategy(facts.policy_id)
    return Card(
        item=found.id,
        number=found.number,
        customer=found.customer_id,
        on=on,
        strategy=name,
        strategy_version=number,
        decided=last_decision(item=found.id),
        why=why,
        claims=_claims(company, known, found.id, on) if why.reason is Reason.NOTICE else None,
    )


def _claims(company: Company, known: Candidates, item: int, on: date) -> Claimable | None:
    """What the item's notice would claim with it; None = nothing."""
    told = claims_of_run(company=company, decided=known.decided(on=on), found=known, on=on)
    mine = next(told.filter(told["item_id"] == item).iter_rows(), None)
    return Claimable(*mine[1:]) if mine else None


def _item(company: Company, item: str | int) -> Item:
    if isinstance(item, int):
        found = list(Item.objects.filter(company_id=company.id, id=item))
    else:
        found = list(
            Item.objects.filter(company_id=company.id, number_key=number_key(item)).order_by("id")[:10]
        )
        if not found and item.isdigit():
            found = list(Item.objects.filter(company_id=company.id, id=int(item)))
    if not found:
        raise ItemUnknown(str(item))
    if len(found) > 1:
        raise SeveralItems(", ".join(str(one.id) for one in found))
    return found[0]


def last_decision(*, item: int) -> Decided | None:
    """What the newest run decided about an item; None if no run has looked at it, or none of which decisions are kept.

    Runs are asked one after the other, the newest first, each in the month its decisions lie in: an overdue item stands
    in the newest.
    """
    customer = Item.objects.values_list("customer_id", flat=True).get(id=item)
    row = next(iter(Decision.objects.raw(_LAST_DECISION, {"item": item, "customer": customer})), None)
    if row is None:
        return None
    name, number = _strategy(row.strategy_version_id)
    return Decided(
        run=row.run_id,
        on=row.run.on,
        reason=Reason(row.reason).name.lower(),
        level_before=row.level_before,
        level_to=row.level_to,
        days_overdue=row.days_overdue,
        open_minor=row.open_minor,
        held_minor=row.held_minor,
        strategy=name,
        strategy_version=number,
    )


def _strategy(version: int | None) -> tuple[str, int | None]:
    found = StrategyVersion.objects.select_related("strategy").filter(id=version).first() if version else None
    return (found.strategy.name, found.version) if found else ("", None)


def _facts(known: Candidates, customer: int) -> Facts:
    row: dict[str, Any] = next(known.customers.iter_rows(named=True), {"policy_id": None, "parked": False})
    return Facts(
        customer_id=customer,
        items=tuple(_item_fact(one) for one in known.items.iter_rows(named=True)),
        policy=known.policies.get(row["policy_id"]),
        policy_id=row["policy_id"],
        holds=tuple(
            Hold(one["from_on"], one["until_on"], one["item_id"], one["amount_minor"])
            for one in known.holds.iter_rows(named=True)
        ),
        touched_on=tuple(
            known.touches.filter(known.touches["customer_id"] == customer)["touched_on"].to_list()
        ),
        parked=row["parked"],
    )


def _item_fact(row: dict[str, Any]) -> ItemFact:
    return ItemFact(**{name: row[name] for name in ItemFact.__dataclass_fields__})
