"""Gates of the ledger: unknown, another company's, another salesperson's: all are equally not there."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from debitora.people.models import User
from debitora.people.queries import away
from debitora.people.rules import sees_only_own_customers, stood_for
from debitora.receivables.models import (
    Agreement,
    Allocation,
    Claim,
    ClaimEntry,
    Contact,
    Customer,
    DocumentBatch,
    Hold,
    Item,
    ItemDocument,
    Note,
    NoteFile,
)
from debitora.receivables.queries.notes import note_state
from debitora.receivables.queries.write_offs import WriteOffRow, write_off_row
from debitora.receivables.rules.items import EVERYTHING, Scope

Found = TypeVar("Found")


def scope_of(*, person: User, role: str, on: date) -> Scope:
    """Whose customers a person sees in her role on a day: a salesperson her own, and of whoever she stands in for."""
    if not sees_only_own_customers(role):
        return EVERYTHING
    return Scope((person.id, *stood_for(person.id, away(on=on))))


def customer(*, scope: Scope, customer: int) -> Customer:
    """The customer with her party. Raises Http404."""
    return _there(_visible(scope).filter(id=customer).select_related("party").first())


def item(*, scope: Scope, item: int) -> Item:
    """The item with its customer. Raises Http404."""
    rows = Item.objects.filter(id=item, customer__in=_visible(scope))
    return _there(rows.select_related("customer").first())


def contact(*, scope: Scope, contact: int) -> Contact:
    """The contact of a customer. Raises Http404."""
    return _there(Contact.objects.filter(id=contact, customer__in=_visible(scope)).first())


def item_document(*, scope: Scope, document: int) -> ItemDocument:
    """The document of an item, with the item. Raises Http404."""
    rows = ItemDocument.objects.filter(id=document, item__customer__in=_visible(scope))
    return _there(rows.select_related("item", "blob").first())


def agreement(*, scope: Scope, agreement: int) -> Agreement:
    """The agreement with a customer. Raises Http404."""
    return _there(Agreement.objects.filter(id=agreement, customer__in=_visible(scope)).first())


def write_off(*, scope: Scope, write_off: int) -> WriteOffRow:
    """The write-off as its page shows it. Raises Http404."""
    return _there(write_off_row(write_off=write_off, scope=scope))


def note(*, scope: Scope, note: int) -> Note:
    """The note on a customer. Raises Http404."""
    return _there(Note.objects.filter(id=note, customer__in=_visible(scope)).first())


def note_file(*, scope: Scope, note_file: int) -> NoteFile:
    """The file of a note that stands. Raises Http404."""
    rows = NoteFile.objects.filter(id=note_file, note__customer__in=_visible(scope))
    found = _there(rows.select_related("blob").first())
    if found.blob.erased_at is not None or not note_state(note=found.note_id)[1]:
        raise Http404
    return found


def document_batch(*, batch: int) -> DocumentBatch:
    """A batch of documents, which only those open who see all customers. Raises Http404."""
    return _there(DocumentBatch.objects.filter(id=batch).first())


def hold(*, scope: Scope, hold: int) -> Hold:
    """The hold. Raises Http404."""
    return _there(Hold.objects.filter(id=hold, customer__in=_visible(scope)).first())


def claim(*, scope: Scope, claim: int) -> Claim:
    """The claim with its customer. Raises Http404."""
    rows = Claim.objects.filter(id=claim, customer__in=_visible(scope))
    return _there(rows.select_related("customer__party").first())


def waiver(*, scope: Scope, waiver: int) -> ClaimEntry:
    """The entry that waived a claim. Raises Http404."""
    rows = ClaimEntry.objects.filter(id=waiver, kind="waived", claim__customer__in=_visible(scope))
    return _there(rows.first())


def allocation(*, scope: Scope, allocation: int) -> Allocation:
    """The allocation, of whose debit the customer is visible. Raises Http404."""
    rows = Allocation.objects.filter(id=allocation, debit_item__customer__in=_visible(scope))
    return _there(rows.first())


def _visible(scope: Scope) -> QuerySet[Customer]:
    """Row-level security keeps other companies out already."""
    rows = Customer.objects.all()
    return rows if scope.salespeople is None else rows.filter(salesperson_id__in=scope.salespeople)


def _there(found: Found | None) -> Found:
    if found is None:
        raise Http404
    return found
