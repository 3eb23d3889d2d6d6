"""Take bank files, several at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from debitora.cash.actions import Taken, take_file
from debitora.cash.forms.files import TakingForm
from debitora.kit.runtime import now
from debitora.kit.ways import see
from debitora.people.gates import CompanyRequest, actor, page


@page("statements.take", methods=("GET", "POST"))
def take(request: CompanyRequest) -> HttpResponse:
    """Take each of the files as a whole, or refuse it; then show what became of them."""
    form = TakingForm(request.POST, request.FILES) if request.method == "POST" else TakingForm()
    if form.is_bound and form.is_valid():
        return see(f"{reverse('cash:files')}?{urlencode(_taken(request, form))}")
    context = {"form": form, "most": settings.MAX_UPLOAD_MB}
    return render(request, "cash/take.html", context, status=422 if form.errors else 200)


def _taken(request: CompanyRequest, form: TakingForm) -> list[tuple[str, int]]:
    """Take the files; what the address of their results says: which were taken or refused now, which were known."""
    return [_place(_take(request, file.read(), file.name or "")) for file in form.cleaned_data["file"]]


def _take(request: CompanyRequest, data: bytes, name: str) -> Taken:
    return take_file(company=request.company.id, data=data, name=name, by=actor(request), at=now())


def _place(taken: Taken) -> tuple[str, int]:
    return ("known" if taken.known else "taken", taken.file.id)
