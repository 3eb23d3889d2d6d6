"""Notes on a customer: the panel of her sheet, writing one, its files, taking it back and putting it back."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.documents.queries import read_bytes
from debitora.kit.narrowing import ids
from debitora.kit.runtime import now
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.kit.ways import handed_out, see
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.queries import away, members, names_by_login
from debitora.people.rules import MANAGER, looked_after_by, may, sees_only_own_customers
from debitora.receivables import gates
from debitora.receivables.actions.notes import NoteMoved, restore_note, withdraw_note, write_note
from debitora.receivables.forms.notes import NoteForm
from debitora.receivables.models import Customer
from debitora.receivables.pages.layers import day_of, done, layered, refused, scope_of
from debitora.receivables.queries.notes import notes_of_customer
from debitora.receivables.rules.documents import MOST_BYTES
from debitora.receivables.rules.notes import MOST_FILES

MOST_ON_SHEET = 10
MOST = 500
_NOT_YOURS = gettext_lazy("Only who wrote a note, or a manager, takes it back.")


@page("customers.view")
def customer_notes(request: CompanyRequest, customer: int) -> HttpResponse:
    """The newest notes, as a panel of the sheet, with the box for another one."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    context = _context(request, found, _form(request, found), MOST_ON_SHEET)
    return render(request, "receivables/_customer_notes.html", context)


@page("customers.view")
def notes(request: CompanyRequest, customer: int) -> HttpResponse:
    """All notes of a customer, with the box for another one."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    return _page(request, found, _form(request, found))


@page("notes.write", methods=("POST",))
def note_written(request: CompanyRequest, customer: int) -> HttpResponse:
    """Keep a note. What cannot be kept is said beside what was typed."""
    found = gates.customer(scope=scope_of(request), customer=customer)
    form = NoteForm(request.POST, request.FILES, logins=_logins(request, found))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    note = write_note(
        company=request.company.id,
        customer=found.id,
        text=form.cleaned_data["text"],
        mentions=form.mentions,
        files=form.cleaned_data["enclosed"],
        by=actor(request),
        at=now(),
    )
    undo = reverse("receivables:note_withdrawn", args=[note.id])
    return done(request, _("The note is kept."), then=_there(found.id), undo=undo)


@page("customers.view")
def note(request: CompanyRequest, note: int) -> HttpResponse:
    """To the notes of its customer, where a message about it leads."""
    found = gates.note(scope=scope_of(request), note=note)
    return see(reverse("receivables:notes", args=[found.customer_id]))


@page("notes.write", methods=("POST",))
def note_withdrawn(request: CompanyRequest, note: int) -> HttpResponse:
    """Take a note back: one's own, or as a manager anybody's."""
    found = gates.note(scope=scope_of(request), note=note)
    if not _may_withdraw(request, found.written_by_id):
        return refused(request, str(_NOT_YOURS), then=_there(found.customer_id))
    try:
        withdraw_note(company=request.company.id, note=found.id, by=actor(request), at=now())
    except NoteMoved:
        return refused(request, _("This note was taken back already."), then=_there(found.customer_id))
    undo = reverse("receivables:note_again")
    return done(
        request,
        _("The note is taken back."),
        then=_there(found.customer_id),
        undo=undo,
        sent={"note": [found.id]},
    )


@page("notes.write", methods=("POST",))
def note_again(request: CompanyRequest) -> HttpResponse:
    """Put a note back that was just taken back: the way back from a toast."""
    for note in ids(request.POST.getlist("note")[:1]):
        found = gates.note(scope=scope_of(request), note=note)
        if not _may_withdraw(request, found.written_by_id):
            return refused(request, str(_NOT_YOURS), then=_there(found.customer_id))
        try:
            restore_note(company=request.company.id, note=found.id, by=actor(request), at=now())
        except NoteMoved:
            return refused(request, _("This note stands already."), then=_there(found.customer_id))
        return done(request, _("The note stands again."), then=_there(found.customer_id))
    return refused(
        request, _("It was put back before. Nothing was changed."), then=reverse("receivables:customers")
    )


@page("customers.view")
def note_file(request: CompanyRequest, note_file: int) -> HttpResponse:
    """A file of a note, byte for byte, to be saved and not shown."""
    found = gates.note_file(scope=scope_of(request), note_file=note_file)
    try:
        data = read_bytes(found.blob)
    except (BytesMissing, BytesDiffer):
        raise Http404 from None
    return handed_out(data, found.blob.media_type, found.name, shown=False)


def _form(request: CompanyRequest, customer: Customer) -> NoteForm:
    return NoteForm(logins=_logins(request, customer))


def _logins(request: CompanyRequest, customer: Customer) -> Mapping[str, int]:
    """Who may see the customer, by login: those may be told."""
    hers = looked_after_by(customer.salesperson_id, away(on=day_of(request)))
    return {
        member.login.lower(): member.user_id
        for member in members(company=request.company)
        if member.is_active and (not sees_only_own_customers(member.role) or member.user_id in hers)
    }


def _context(request: CompanyRequest, customer: Customer, form: NoteForm, most: int) -> dict[str, object]:
    rows = notes_of_customer(customer=customer.id, most=most + 1)
    names = names_by_login(company=request.company)
    return {
        "customer": customer,
        "rows": [
            (
                row,
                names.get(row.written_by_label, row.written_by_label),
                _may_withdraw(request, row.written_by_id),
            )
            for row in rows[:most]
        ],
        "more": len(rows) > most,
        "form": form,
        "may_write": may(request.role, "notes.write"),
        "known": names,
        "most_mb": MOST_BYTES // 1_000_000,
        "most_files": MOST_FILES,
    }


def _may_withdraw(request: CompanyRequest, author: int | None) -> bool:
    """Whether the person wrote the note herself, or takes anybody's back as a manager."""
    own = author is not None and author == request.person.id
    return may(request.role, "notes.write") and (own or request.role == MANAGER)


def _page(request: CompanyRequest, customer: Customer, form: NoteForm, *, status: int = 200) -> HttpResponse:
    context = {
        "title": _("Notes on %(name)s") % {"name": customer.party.name},
        "address": reverse("receivables:notes", args=[customer.id]),
        **_context(request, customer, form, MOST),
    }
    return layered(request, "receivables/notes.html", context, status=status)


def _there(customer: int) -> str:
    return reverse("receivables:customer", args=[customer])
