"""Whom a notice was meant for, and whom it went to or would go to."""

from __future__ import annotations

from dataclasses import dataclass

from debitora.dunning.models import Notice, RunStep
from debitora.messaging.models import Intent
from debitora.receivables.models import Contact
from debitora.receivables.queries.contacts import contacts_by_role
from debitora.receivables.rules.contacts import rung


@dataclass(frozen=True, slots=True)
class Addressee:
    """The rung that the step wants, and the one it came to with the contact there; `role` empty: the customer's own address."""

    wanted: str
    role: str
    name: str

    @property
    def fell_back(self) -> bool:
        """Whether nobody is known on the wanted rung."""
        return self.role != self.wanted


def addressee(*, notice: Notice, sent: list[Intent]) -> Addressee | None:
    """As its messages were addressed, else as it would be now; None where the step writes to the customer."""
    step = RunStep.objects.get(
        run_id=notice.run_id, strategy_version_id=notice.strategy_version_id, level=notice.level
    ).step
    wanted = str(step.get("to", ""))
    if not wanted:
        return None
    contact = _sent_to(sent) if sent else _now(notice, wanted)
    return Addressee(wanted, contact.role if contact else "", contact.name if contact else "")


def _sent_to(sent: list[Intent]) -> Contact | None:
    return Contact.objects.filter(id__in=[one.contact_id for one in sent if one.contact_id]).first()


def _now(notice: Notice, wanted: str) -> Contact | None:
    known = contacts_by_role(customers=[notice.customer_id]).get(notice.customer_id, {})
    return known.get(rung(wanted, known))
