"""The sent journal read against the database: what left the house, whatever the database has forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from debitora.kit import journal
from debitora.messaging.models import Intent

LEFT: Final = ("accepted", "returned")
"""States of mails that a server took."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail that a server took. Ids only, since what stands in the journal can never be erased."""

    at: datetime
    public_id: UUID
    kind: str
    subject: int
    customer: int
    document: str

    def __str__(self) -> str:
        words = (self.at.isoformat(), self.public_id, self.kind, self.subject, self.customer, self.document)
        return " ".join(map(str, words))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Where journal and database differ: messages known but not as accepted, mails unknown, and mails not in the journal."""

    not_accepted: list[int]
    unknown: list[Sent]
    not_in_journal: list[int]


def sent_lines(*, company: int) -> Iterator[Sent]:
    """The journal of a company, oldest first; what is no line of ours is passed over."""
    for line in journal.lines(company=company):
        try:
            at, public_id, kind, subject, customer, document = line.split()
            yield Sent(
                datetime.fromisoformat(at), UUID(public_id), kind, int(subject), int(customer), document
            )
        except ValueError:
            continue


def journalled(*, company: int) -> set[UUID]:
    """The public ids of all mails that the journal knows as taken."""
    return {sent.public_id for sent in sent_lines(company=company)}


def forgotten(*, company: int) -> Forgotten:
    """Compare the journal with the accepted mails, both ways; all lists empty: they agree."""
    mails = Intent.objects.filter(company_id=company, channel="mail")
    known = {one.public_id: one for one in mails.only("id", "public_id", "state")}
    written = {sent.public_id: sent for sent in sent_lines(company=company)}
    accepted = {public_id for public_id, one in known.items() if one.state in LEFT}
    return Forgotten(
        not_accepted=sorted(known[one].id for one in (written.keys() & known.keys()) - accepted),
        unknown=[sent for public_id, sent in written.items() if public_id not in known],
        not_in_journal=sorted(known[one].id for one in accepted - written.keys()),
    )
