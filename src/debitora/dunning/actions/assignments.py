"""Say who gets which strategy: a customer, a group of customers, or all of a kind. It holds from the next run on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from debitora.dunning.models import Assignment, OwnStrategy, Segment, Strategy
from debitora.dunning.rules.policy import DebtorKind
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

MOST_RULES: Final = 50


class RuleExists(Exception):
    """Another rule names the same attributes."""


class RuleNamesNothing(Exception):
    """A rule without any attribute would catch everybody; the company's own strategy is for that."""


class TooManyRules(Exception):
    """There are MOST_RULES rules already."""


def assign(*, company: int, customer_kind: str, strategy: int, by: Actor, at: datetime) -> None:
    """Let a kind of customer (business, consumer) be reminded by a strategy from the next run on."""
    with transaction.atomic():
        found = Strategy.objects.get(company_id=company, id=strategy)
        Assignment.objects.update_or_create(
            company_id=company,
            customer_kind=DebtorKind(customer_kind),
            defaults={"strategy": found, "assigned_at": at},
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="strategy.assigned",
            subjects=[Subject("strategy", found.id)],
            facts={"kind": customer_kind},
        )


def add_rule(
    *, company: int, attributes: Mapping[str, Any], strategy: int, by: Actor, at: datetime
) -> Segment:
    """Let all customers with these attributes be reminded by a strategy; the rule is asked after those that exist.

    `attributes`: kind, country, language, salesperson_id, of which at least one says something. Raises RuleExists,
    RuleNamesNothing, TooManyRules.
    """
    if not any(attributes.values()):
        raise RuleNamesNothing
    with transaction.atomic():
        _one_after_the_other(company)
        rules = Segment.objects.filter(company_id=company)
        if rules.count() >= MOST_RULES:
            raise TooManyRules
        found = Strategy.objects.get(company_id=company, id=strategy)
        last = rules.aggregate(last=Max("place"))["last"] or 0
        try:
            with transaction.atomic():
                rule = Segment.objects.create(
                    company_id=company,
                    place=last + 1,
                    strategy=found,
                    made_at=at,
                    made_by_id=by.id,
                    made_by_label=by.label,
                    **attributes,
                )
        except IntegrityError:
            raise RuleExists from None
        _record(company, found.id, by, at, facts=_attributes(rule))
    return rule


def remove_rule(*, company: int, rule: int, by: Actor, at: datetime) -> None:
    """Take a rule away; its customers go to the next one that fits. Raises Segment.DoesNotExist."""
    with transaction.atomic():
        _one_after_the_other(company)
        found = Segment.objects.get(company_id=company, id=rule)
        found.delete()
        _record(company, found.strategy_id, by, at, verb="strategy.unassigned", facts=_attributes(found))


def move_rule(*, company: int, rule: int, up: bool, by: Actor, at: datetime) -> bool:
    """Ask a rule earlier or later, by one place; False if it is the first or last already. Raises Segment.DoesNotExist."""
    with transaction.atomic():
        _one_after_the_other(company)
        found = Segment.objects.get(company_id=company, id=rule)
        rules = Segment.objects.filter(company_id=company)
        other = (
            rules.filter(place__lt=found.place).order_by("-place").first()
            if up
            else rules.filter(place__gt=found.place).order_by("place").first()
        )
        if other is None:
            return False
        for one, place in ((found, other.place), (other, found.place)):
            Segment.objects.filter(company_id=company, id=one.id).update(place=place)
        _record(
            company,
            found.strategy_id,
            by,
            at,
            verb="strategy.reordered",
            facts={**_attributes(found), "place": other.place},
        )
    return True


def choose_strategy(*, company: int, customer: int, strategy: int | None, by: Actor, at: datetime) -> bool:
    """Let one customer be reminded by a strategy whatever the rules say; None leaves her to the rules again.

    False if nothing had to be changed. Raises Strategy.DoesNotExist.
    """
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).get(company_id=company, id=customer)
        mine = OwnStrategy.objects.filter(company_id=company, customer_id=customer)
        before = mine.first()
        if (before.strategy_id if before else None) == strategy:
            return False
        mine.delete()
        if strategy is not None:
            found = Strategy.objects.get(company_id=company, id=strategy)
            OwnStrategy.objects.create(
                company_id=company,
                customer_id=customer,
                strategy=found,
                chosen_at=at,
                chosen_by_id=by.id,
                chosen_by_label=by.label,
            )
        verb = "strategy.unassigned" if strategy is None else "strategy.assigned"
        named = strategy or (before.strategy_id if before else 0)
        _record(company, named, by, at, verb=verb, customer=customer)
    return True


def _one_after_the_other(company: int) -> None:
    Company.objects.select_for_update(no_key=True).get(pk=company)


def _attributes(rule: Segment) -> dict[str, int | str]:
    """What a rule names, as facts of the record."""
    named: dict[str, int | str | None] = {
        "kind": rule.kind,
        "country": rule.country,
        "language": rule.language,
        "user": rule.salesperson_id,
    }
    return {name: value for name, value in named.items() if value}


def _record(
    company: int,
    strategy: int,
    by: Actor,
    at: datetime,
    *,
    verb: str = "strategy.assigned",
    facts: Mapping[str, int | str] | None = None,
    customer: int | None = None,
) -> None:
    record(
        company=company,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("strategy", strategy, customer) if customer else Subject("strategy", strategy)],
        facts=dict(facts or {}),
    )
