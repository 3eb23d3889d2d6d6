"""Beside the editor of a text: what the law demands of the wording that stands there at this moment."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from debitora.dunning.pages.answers import day_of
from debitora.dunning.queries.text_law import text_law
from debitora.dunning.templatetags.law_words import findings_said
from debitora.messaging.gates import text_place
from debitora.people.gates import page


@page("settings.view", methods=("POST",))
def law(request: Any, key: str, language: str) -> HttpResponse:
    """The strategies that use the text, and the sentences that are missing for each; nothing is kept."""
    text_place(key=key, language=language)
    wording = {name: request.POST.get(name, "") for name in ("subject", "mail", "opening", "closing")}
    found = text_law(key=key, language=language, wording=wording, on=day_of(request))
    context = {
        "users": found.users,
        "missing": [(name, findings_said(said)) for name, said in found.findings.items()],
    }
    return render(request, "dunning/_text_law.html", context)
