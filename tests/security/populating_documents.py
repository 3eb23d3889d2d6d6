"""Documents of the populated companies: copies kept with an item, one removed, and a batch that was put to its items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from debitora.dunning.testing import MOMENT
from debitora.people.models import User
from debitora.receivables.actions.agreements import end_agreement, enter_agreement, resume_agreement
from debitora.receivables.actions.documents import (
    NewDocument,
    add_documents,
    hand_in,
    put_batch,
    remove_document,
    restore_document,
)
from debitora.receivables.actions.notes import restore_note, withdraw_note, write_note
from debitora.receivables.models import Customer, Item
from debitora.receivables.rules.agreements import AgreementKind
from debitora.receivables.testing import an_invoice_pdf
from debitora.trail.rules import Actor


def with_notes(customer: Customer, *, person: User, said: Callable[[str], str], by: Actor) -> None:
    """Three notes on a customer with marked words and files: one stands and mentions a person, two were taken back, one put back."""
    company = customer.company_id
    written = [
        write_note(
            company=company,
            customer=customer.id,
            text=said(f"note {place}"),
            mentions=[person.id],
            files=[
                NewDocument(said(f"file {place}"), an_invoice_pdf(f"{company} {customer.id} note {place}"))
            ],
            by=by,
            at=MOMENT,
        )
        for place in (1, 2, 3)
    ]
    for note in written[1:]:
        withdraw_note(company=company, note=note.id, by=by, at=MOMENT)
    restore_note(company=company, note=written[2].id, by=by, at=MOMENT)


def with_agreements(customer: Customer, *, said: Callable[[str], str], by: Actor) -> None:
    """One agreement in force, one that was ended, one that was taken up again; all with marked words."""
    company = customer.company_id
    known: dict[str, Any] = {"company": company, "by": by, "at": MOMENT}
    entered = [
        enter_agreement(
            **known,
            customer=customer.id,
            kind=kind,
            text=said(f"deal {kind}"),
            with_whom=said("Einkauf"),
            from_on=MOMENT.date(),
        )
        for kind in (AgreementKind.TERMS, AgreementKind.PRICE, AgreementKind.OTHER)
    ]
    for agreement in entered[1:]:
        end_agreement(**known, agreement=agreement.id)
    resume_agreement(**known, agreement=entered[2].id)


def with_documents(item: Item, *, said: Callable[[str], str], by: Actor) -> None:
    """Two copies of an item with marked names, one of them removed and put back, one removed; and a batch."""
    company = item.company_id
    files = [
        NewDocument(said(f"copy {place}"), an_invoice_pdf(f"{company} {item.id} {place}")) for place in (1, 2)
    ]
    first, second = add_documents(company=company, item=item.id, files=files, by=by, at=MOMENT)
    for document in (first, second):
        remove_document(company=company, document=document.id, reason=said("reason"), by=by, at=MOMENT)
    restore_document(company=company, document=first.id, by=by, at=MOMENT)
    named = NewDocument(f"{item.number} {said('batch')}"[:200], an_invoice_pdf(f"{company} {item.id} batch"))
    batch = hand_in(company=company, files=[named], by=by, at=MOMENT)
    put_batch(company=company, batch=batch.id, by=by, at=MOMENT)
