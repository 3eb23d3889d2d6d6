"""The watched folders of a company: where programs put their lists, bank files and copies of invoices, and what became of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from debitora.cash.queries.folders import watched_folder
from debitora.exchange import queries
from debitora.kit.runtime import home
from debitora.people.gates import page
from debitora.receivables.queries.document_folder import watched_documents


@page("settings.view")
def folders(request: Any) -> HttpResponse:
    """Each folder with its source, what waits in it, what it brought last, and what of it waits for a person and why."""
    inbox = home() / queries.INBOX
    company = request.company.code
    context = {
        "folders": queries.watched_folders(inbox=inbox, company=company),
        "bank": watched_folder(company_code=company),
        "copies": watched_documents(company_code=company),
        "example": inbox / company / "items" / "ERP",
    }
    return render(request, "exchange/folders.html", context)
