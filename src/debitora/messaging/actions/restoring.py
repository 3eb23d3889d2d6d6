"""What has to happen before a restored or copied database may send: the sent journal is replayed, a person confirms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from debitora.kit.pg.company import serving
from debitora.messaging.actions.locks import confirm_installation
from debitora.messaging.actions.settling import adopt_journal
from debitora.messaging.queries.journal import Sent, forgotten, journalled
from debitora.receivables.actions import CustomerUnknown, park_customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor

PARKED_FOR = "restored"
"""Why a customer is parked to whom a mail went that the database knows nothing of."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the sent journal told one company's database.

    lines: mails that the journal knows. adopted: ids of messages that became accepted. left: ids of messages that the
    journal knows as taken, and that were stopped or refused since. unknown: mails of which the database knows nothing.
    parked: ids of the customers these went to. not_in_journal: ids of accepted mails that no line speaks of.
    """

    company: int
    lines: int
    adopted: tuple[int, ...]
    left: tuple[int, ...]
    unknown: int
    parked: tuple[int, ...]
    not_in_journal: tuple[int, ...]


def confirm_restored(
    *, companies: Iterable[int], by: Actor, at: datetime, dry: bool = False
) -> list[Replayed]:
    """Replay the journals of all companies, then bind the database to this home folder, in one transaction.

    Whoever got a mail that the database has forgotten is parked, since a run would write to her once more. `dry` does
    all of it and takes it back, so that what is shown is what will be done.
    """
    with transaction.atomic():
        told = [_replay(company, by, at) for company in companies]
        confirm_installation(at=at)
        if dry:
            transaction.set_rollback(True)
    return told


def _replay(company: int, by: Actor, at: datetime) -> Replayed:
    with serving(company):
        adopted = adopt_journal(company=company, by=by, at=at)
        differing = forgotten(company=company)
        told = Replayed(
            company=company,
            lines=len(journalled(company=company)),
            adopted=tuple(adopted),
            left=tuple(differing.not_accepted),
            unknown=len(differing.unknown),
            parked=tuple(_park(company, differing.unknown, by, at)),
            not_in_journal=tuple(differing.not_in_journal),
        )
        _record(told, by, at)
    return told


def _park(company: int, unknown: Sequence[Sent], by: Actor, at: datetime) -> list[int]:
    """The customers who are parked now, those who were already among them; one who is forgotten too gets nothing."""
    parked = []
    for customer in sorted({sent.customer for sent in unknown}):
        try:
            park_customer(company=company, customer=customer, reason=PARKED_FOR, by=by, at=at)
        except CustomerUnknown:
            continue
        parked.append(customer)
    return parked


def _record(told: Replayed, by: Actor, at: datetime) -> None:
    facts = {
        "lines": told.lines,
        "adopted": len(told.adopted),
        "left": len(told.left),
        "unknown": told.unknown,
        "parked": len(told.parked),
        "not_in_journal": len(told.not_in_journal),
    }
    record(company=told.company, by=by, at=at, verb="installation.confirmed", facts=facts)
