"""The watched folders of a company: where programs put their lists and bank files, and what became of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from debitora.cash.queries.folders import watched_folder
from debitora.exchange import queries
from debitora.kit.runtime import home
from debitora.people.gates import page


@page("settings.view")
def folders(request: Any) -> HttpResponse:
    """Each folder with its source, what waits in it, what it brought last, and what of it waits for a person and why."""
    inbox = home() / queries.INBOX
    company = request.company.code
    context = {
        "folders": queries.watched_folders(inbox=inbox, company=company),
        "bank": watched_folder(company_code=company),
        "example": inbox / company / "items" / "ERP",
    }
    return render(request, "exchange/folders.html", context)
