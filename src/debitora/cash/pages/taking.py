"""Take bank files, several at once, and what became of each."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from debitora.cash import gates
from debitora.cash.actions import Taken, take_file
from debitora.cash.forms.files import TakingForm
from debitora.cash.pages.answers import names_of
from debitora.cash.queries.files import files_page
from debitora.documents.queries import read_bytes
from debitora.kit.runtime import now
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.kit.ways import see, whole_number
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may

SIZE = 50


@page("statements.take", methods=("GET", "POST"))
def take(request: CompanyRequest) -> HttpResponse:
    """Take each of the files as a whole, or refuse it; then show what became of them."""
    form = TakingForm(request.POST, request.FILES) if request.method == "POST" else TakingForm()
    if form.is_bound and form.is_valid():
        return see(f"{reverse('cash:files')}?{urlencode(_taken(request, form))}")
    context = {"form": form, "most": settings.MAX_UPLOAD_MB}
    return render(request, "cash/take.html", context, status=422 if form.errors else 200)


@page("statements.view")
def files(request: CompanyRequest) -> HttpResponse:
    """Files with what became of them: those that were just handed in, or all of them, newest first."""
    query = request.GET
    known, taken = _ids(request, "known"), _ids(request, "taken")
    shown = files_page(only=known | taken, before=whole_number(query.get("before", "")), size=SIZE)
    context = {
        "rows": shown.rows,
        "known": known,
        "just_now": bool(known | taken),
        "more": f"?before={shown.next}" if shown.next else "",
        "start": reverse("cash:files") if query.get("before") else "",
        "names": names_of(request),
        "may_take": may(request.role, "statements.take"),
    }
    return render(request, "cash/files.html", context)


@page("statements.view")
def original(request: CompanyRequest, bank_file: int) -> HttpResponse:
    """The bytes that were handed in, to be saved, never shown: whatever they claim to be, no browser runs them."""
    upload = gates.bank_file(bank_file=bank_file).upload
    try:
        data = read_bytes(upload.blob)
    except (BytesMissing, BytesDiffer):
        raise Http404 from None
    name = "".join(letter for letter in upload.name if letter.isprintable())
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or ""
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _taken(request: CompanyRequest, form: TakingForm) -> list[tuple[str, int]]:
    """Take the files; what the address of their results says: which were taken or refused now, which were known."""
    return [_place(_take(request, file.read(), file.name or "")) for file in form.cleaned_data["file"]]


def _take(request: CompanyRequest, data: bytes, name: str) -> Taken:
    return take_file(company=request.company.id, data=data, name=name, by=actor(request), at=now())


def _place(taken: Taken) -> tuple[str, int]:
    return ("known" if taken.known else "taken", taken.file.id)


def _ids(request: CompanyRequest, name: str) -> set[int]:
    found = (whole_number(value) for value in request.GET.getlist(name))
    return {value for value in found if value is not None}
