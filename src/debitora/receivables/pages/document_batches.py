"""Many documents at once: hand them in, see where each belongs by its name, put them there, and take that back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.kit.runtime import now
from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest, actor, page
from debitora.receivables import gates
from debitora.receivables.actions import documents as actions
from debitora.receivables.forms.documents import MOST_AT_ONCE, BatchForm, RemovalForm
from debitora.receivables.pages.layers import done, refused
from debitora.receivables.queries.documents import batch_of, matches_of
from debitora.receivables.rules.documents import MOST_BYTES


@page("documents.keep", methods=("GET", "POST"))
def hand_in(request: CompanyRequest) -> HttpResponse:
    """Take PDFs or archives of them; nothing is put anywhere yet."""
    form = BatchForm(request.POST, request.FILES) if request.method == "POST" else BatchForm()
    if form.is_bound and form.is_valid():
        batch = actions.hand_in(
            company=request.company.id, files=form.cleaned_data["pdfs"], by=actor(request), at=now()
        )
        return see(_there(batch.id))
    context = {"form": form, "most": MOST_AT_ONCE, "most_mb": MOST_BYTES // 1_000_000}
    return render(request, "receivables/hand_in_documents.html", context, status=422 if form.errors else 200)


@page("documents.keep", methods=("GET", "POST"))
def batch(request: CompanyRequest, document_batch: int) -> HttpResponse:
    """Where each file belongs, and putting it there."""
    found = gates.document_batch(batch=document_batch)
    if request.method == "POST":
        made = actions.put_batch(company=request.company.id, batch=found.id, by=actor(request), at=now())
        if not made:
            return refused(request, _("Nothing new is put to any item."), then=_there(found.id))
        text = ngettext("%(count)d document is kept.", "%(count)d documents are kept.", len(made))
        return done(request, text % {"count": len(made)}, then=_there(found.id))
    return _shown(request, found.id, RemovalForm())


@page("documents.keep", methods=("POST",))
def taken_back(request: CompanyRequest, document_batch: int) -> HttpResponse:
    """Remove all that the batch brought, with a reason."""
    found, form = gates.document_batch(batch=document_batch), RemovalForm(request.POST)
    if not form.is_valid():
        return _shown(request, found.id, form, status=422)
    removed = actions.take_batch_back(
        company=request.company.id,
        batch=found.id,
        reason=form.cleaned_data["reason"],
        by=actor(request),
        at=now(),
    )
    if not removed:
        return refused(request, _("Nothing of it lies with any item."), then=_there(found.id))
    text = ngettext("%(count)d document is removed.", "%(count)d documents are removed.", removed)
    return done(request, text % {"count": removed}, then=_there(found.id))


def _there(batch: int) -> str:
    return reverse("receivables:document_batch", args=[batch])


def _shown(request: CompanyRequest, batch: int, form: RemovalForm, *, status: int = 200) -> HttpResponse:
    matches = matches_of(batch=batch)
    stands = batch_of(batch=batch)
    context = {
        "address": _there(batch),
        "found": [one for one in matches if one.items],
        "lost": [one for one in matches if not one.items],
        "stands": stands,
        "form": form,
    }
    return render(request, "receivables/document_batch.html", context, status=status)
