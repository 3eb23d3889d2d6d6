"""Documents of an item: their list, adding some, opening one, removing it with a reason, and putting it back."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.documents.queries import read_bytes
from debitora.kit.narrowing import ids
from debitora.kit.runtime import now
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.kit.ways import handed_out
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may
from debitora.receivables import gates
from debitora.receivables.actions.documents import (
    DocumentRemoved,
    DocumentThere,
    TooManyDocuments,
    add_documents,
    remove_document,
    restore_document,
)
from debitora.receivables.forms.documents import DocumentsForm, RemovalForm
from debitora.receivables.pages.layers import done, layered, refused, scope_of
from debitora.receivables.queries.documents import documents_of, documents_of_customer
from debitora.receivables.rules.documents import MOST_BYTES, MOST_PER_ITEM

MOST_ON_SHEET = 20


@page("items.view")
def documents(request: CompanyRequest, item: int) -> HttpResponse:
    """What lies with the item, and where more is added."""
    return _list(request, item, DocumentsForm())


@page("documents.keep", methods=("POST",))
def added(request: CompanyRequest, item: int) -> HttpResponse:
    """Keep PDFs with the item, all or none."""
    found = gates.item(scope=scope_of(request), item=item)
    form = DocumentsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, item, form, status=422)
    try:
        made = add_documents(
            company=request.company.id,
            item=found.id,
            files=form.cleaned_data["pdfs"],
            by=actor(request),
            at=now(),
        )
    except TooManyDocuments:
        form.add_error(
            "pdfs",
            _("An item keeps at most %(most)s documents. Remove some first.") % {"most": MOST_PER_ITEM},
        )
        return _list(request, item, form, status=422)
    if not made:
        return refused(request, _("These files lie there already."), then=_there(item))
    text = ngettext("%(count)d document is kept.", "%(count)d documents are kept.", len(made))
    return done(request, text % {"count": len(made)}, then=_there(item))


@page("items.view")
def opened(request: CompanyRequest, item_document: int) -> HttpResponse:
    """The PDF itself, byte for byte; also one that was removed meanwhile, since a notice may have sent it."""
    found = gates.item_document(scope=scope_of(request), document=item_document)
    try:
        data = read_bytes(found.blob)
    except (BytesMissing, BytesDiffer):
        raise Http404 from None
    name = found.name if found.name.lower().endswith(".pdf") else f"{found.name}.pdf"
    return handed_out(data, "application/pdf", name)


@page("documents.keep", methods=("GET", "POST"))
def remove(request: CompanyRequest, item_document: int) -> HttpResponse:
    """Take a document from its item: first what that means, then, with a reason, do it."""
    found = gates.item_document(scope=scope_of(request), document=item_document)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _removed(request, found.id, found.item_id, form.cleaned_data["reason"])
    context = {
        "title": _("Remove: %(name)s") % {"name": found.name},
        "address": reverse("receivables:remove_document", args=[found.id]),
        "back": _there(found.item_id),
        "document": found,
        "form": form,
    }
    return layered(request, "receivables/document_removal.html", context, status=422 if form.errors else 200)


@page("documents.keep", methods=("POST",))
def again(request: CompanyRequest) -> HttpResponse:
    """Put a document back that was just removed: the way back from a toast."""
    then = reverse("receivables:items")
    for document in ids(request.POST.getlist("document")[:1]):
        found = gates.item_document(scope=scope_of(request), document=document)
        then = _there(found.item_id)
        try:
            restore_document(company=request.company.id, document=found.id, by=actor(request), at=now())
        except DocumentThere:
            break
        return done(request, _("%(name)s lies with its item again.") % {"name": found.name}, then=then)
    return refused(request, _("It was put back before. Nothing was changed."), then=then)


@page("customers.view")
def customer_documents(request: CompanyRequest, customer: int) -> HttpResponse:
    """The newest documents of a customer's items, as a panel of the sheet."""
    gates.customer(scope=scope_of(request), customer=customer)
    rows = documents_of_customer(customer=customer, most=MOST_ON_SHEET + 1)
    context = {"rows": rows[:MOST_ON_SHEET], "more": len(rows) > MOST_ON_SHEET}
    return render(request, "receivables/_customer_documents.html", context)


def _removed(request: CompanyRequest, document: int, item: int, reason: str) -> HttpResponse:
    try:
        remove_document(
            company=request.company.id, document=document, reason=reason, by=actor(request), at=now()
        )
    except DocumentRemoved:
        return refused(request, _("This document was removed already."), then=_there(item))
    undo = reverse("receivables:document_again")
    return done(
        request, _("The document is removed."), then=_there(item), undo=undo, sent={"document": [document]}
    )


def _there(item: int) -> str:
    return reverse("receivables:item_documents", args=[item])


def _list(request: CompanyRequest, item: int, form: DocumentsForm, *, status: int = 200) -> HttpResponse:
    found = gates.item(scope=scope_of(request), item=item)
    context = {
        "title": _("Documents of %(number)s") % {"number": found.number},
        "address": _there(item),
        "item": found,
        "documents": documents_of(items=[item]).get(item, []),
        "form": form,
        "may_keep": may(request.role, "documents.keep"),
        "most_mb": MOST_BYTES // 1_000_000,
    }
    return layered(request, "receivables/documents.html", context, status=status)
