"""Say why cases are opened, and whom they are put to. Each change is a version; what was routed before stays as it was."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from debitora.disputes.models import RoutingVersion
from debitora.disputes.queries.routing import askable, routing_of
from debitora.disputes.rules.routing import Routing, RoutingFault, fault
from debitora.disputes.rules.routing_file import written
from debitora.people.models import Company
from debitora.people.queries import salespeople
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class RoutingChangedMeanwhile(Exception):
    """Somebody else changed the rules since the form was opened."""


class RoutingRefused(Exception):
    """The routing cannot be kept; `why` says what is wrong with it."""

    def __init__(self, why: RoutingFault) -> None:
        super().__init__(why.value)
        self.why = why


def save_routing(*, company: Company, number: int, wanted: Routing, by: Actor, at: datetime) -> int:
    """New cases are routed so from now on; `number` is the version that the form was opened with. The number in force then.

    What changes nothing is no new version. Raises RoutingChangedMeanwhile and RoutingRefused.
    """
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(pk=company.id)
        kept = routing_of(company=company.id)
        if kept.number != number:
            raise RoutingChangedMeanwhile(kept.number)
        if kept.routing == wanted:
            return number
        _refuse(company, wanted, kept.routing.named)
        row = RoutingVersion.objects.create(
            company_id=company.id,
            number=number + 1,
            routing=written(wanted),
            made_at=at,
            made_by_id=by.id,
            made_by_label=by.label[:64],
        )
        record(
            company=company.id,
            by=by,
            at=at,
            verb="routing.saved",
            subjects=[Subject("routing", row.id)],
            facts={"version": row.number},
        )
    return row.number


def restore_routing(*, company: Company, number: int, version: int, by: Actor, at: datetime) -> int:
    """Take up an earlier version again (0: the preset) as a new one.

    Raises RoutingVersion.DoesNotExist, RoutingChangedMeanwhile and RoutingRefused.
    """
    with transaction.atomic():
        wanted = routing_of(company=company.id, number=version).routing
        return save_routing(company=company, number=number, wanted=wanted, by=by, at=at)


def _refuse(company: Company, wanted: Routing, named: frozenset[int]) -> None:
    """Whom a rule names already may stay named after she has left: the rule fits nobody then, and the page says so."""
    people = named | frozenset(askable(company=company))
    languages = [code for code, _name in settings.LANGUAGES]
    if (why := fault(wanted, people=people, languages=languages)) is not None:
        raise RoutingRefused(why)
    sellers = named | frozenset(salespeople(company=company))
    if not {rule.salesperson for _place, rule in wanted.placed()} <= {None, *sellers}:
        raise RoutingRefused(RoutingFault.PERSON)
