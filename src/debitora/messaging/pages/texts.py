"""What each step says: the overview, and one wording in all languages beside each other."""

from __future__ import annotations

from itertools import product
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from debitora.messaging import gates
from debitora.messaging.forms import words
from debitora.messaging.forms.words import said, text_name
from debitora.messaging.pages.text_trying import tried_on
from debitora.messaging.queries import TextVersion, texts_overview
from debitora.messaging.queries.texts import texts_of_key
from debitora.messaging.rules.notice_texts import TextKey, Tone
from debitora.messaging.rules.words import written_languages
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import names_by_login


@page("settings.view")
def texts(request: CompanyRequest) -> HttpResponse:
    """All wordings: one row per step and reader, one column per language."""
    known = {(text.key, text.language): text for text in texts_overview()}
    languages = sorted(written_languages())
    rows = [
        {
            "name": text_name(key),
            "address": reverse("messaging:text_languages", args=[key]),
            "places": [_place(key, language, known.get((key, language))) for language in languages],
        }
        for key in (f"{text}.{tone}" for text, tone in product(TextKey, Tone))
    ]
    context = {
        "rows": rows,
        "languages": [said(words.LANGUAGES, language) for language in languages],
        "names": names_by_login(company=request.company),
    }
    return render(request, "messaging/texts.html", context)


@page("settings.view")
def text_languages(request: CompanyRequest, key: str) -> HttpResponse:
    """One wording in all languages, filled for one customer; a narrow window shows that of `?language`."""
    gates.text_key(key=key)
    known, languages = texts_of_key(key=key), sorted(written_languages())
    chosen = request.GET.get("language", "")
    trials = tried_on(
        request, key=key, wordings={code: text.parts for code, text in known.items()}, typed=request.GET
    )
    context = {
        "name": text_name(key),
        "key": key,
        "chosen": chosen if chosen in languages else languages[0],
        "columns": [
            {
                **_place(key, language, known.get(language)),
                "code": language,
                **trials.filled.get(language, {}),
            }
            for language in languages
        ],
        "trial": trials,
        "names": names_by_login(company=request.company),
    }
    return render(request, "messaging/text_languages.html", context)


def _place(key: str, language: str, text: TextVersion | None) -> dict[str, Any]:
    return {
        "address": reverse("messaging:text", args=[key, language]),
        "language": said(words.LANGUAGES, language),
        "text": text,
    }
