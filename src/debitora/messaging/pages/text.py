"""The editor of one wording in one language: typed, tried while typing, saved as a new version."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere, whole_number
from debitora.messaging import gates
from debitora.messaging.actions import TextChangedMeanwhile, TextHasFaults, save_text
from debitora.messaging.forms import words
from debitora.messaging.forms.texts import FIELDS, TextForm
from debitora.messaging.forms.words import said, text_name
from debitora.messaging.pages.answers import done
from debitora.messaging.pages.text_trying import letter_shown, tried_on
from debitora.messaging.queries import TextVersion, text_versions
from debitora.messaging.rules.variables import VARIABLES
from debitora.messaging.rules.words import written_language, written_languages
from debitora.people.gates import CompanyRequest, actor, fresh, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("settings.view")
def text(request: CompanyRequest, key: str, language: str) -> HttpResponse:
    """A wording; `?version=3` shows an earlier one, which saving makes the newest; `?customer=10023` fills it for her."""
    gates.text_place(key=key, language=language)
    versions = text_versions(key=key, language=language)
    wanted = whole_number(request.GET.get("version", ""))
    shown = next((one for one in versions if one.version == wanted), versions[0] if versions else None)
    newest = versions[0].version if versions else 0
    initial = shown.parts if shown else {}
    form = TextForm(initial={**initial, "version": newest})
    return _editor(request, key, language, form, versions, shown)


@page("settings.edit", methods=("POST",))
@fresh
def text_saved(request: CompanyRequest, key: str, language: str) -> HttpResponse:
    """Keep what was typed as a new version."""
    gates.text_place(key=key, language=language)
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            saved = save_text(
                company=request.company.id,
                key=key,
                language=language,
                wording=form.wording(),
                by=actor(request),
                at=now(),
                version=form.cleaned_data["version"],
            )
        except TextHasFaults as problem:
            form.add_faults(problem.faults)
        except TextChangedMeanwhile:
            return _stale(request, key, language)
        else:
            told = _("Version %(version)s is what goes out from now on.") % {"version": saved.version}
            return done(request, told, then=reverse("messaging:text", args=[key, language]))
    versions = text_versions(key=key, language=language)
    return _editor(request, key, language, form, versions, None, status=422)


def _stale(request: CompanyRequest, key: str, language: str) -> HttpResponse:
    """What was typed is kept, with the version that stands now, so that saving again lets it stand."""
    versions = text_versions(key=key, language=language)
    typed = request.POST.copy()
    typed["version"] = str(versions[0].version)
    form = TextForm(typed)
    return _editor(request, key, language, form, versions, None, status=409, meanwhile=versions[0])


def _editor(
    request: CompanyRequest,
    key: str,
    language: str,
    form: TextForm,
    versions: list[TextVersion],
    shown: TextVersion | None,
    *,
    status: int = 200,
    meanwhile: TextVersion | None = None,
) -> HttpResponse:
    source = {name: str(form[name].value() or "") for name in FIELDS}
    typed = request.POST if request.method == "POST" else request.GET
    trial = tried_on(request, key=key, wordings={language: source}, typed=typed)
    context = {
        "name": text_name(key),
        "language": said(words.LANGUAGES, language),
        "key": key,
        "code": language,
        "tabs": _tabs(key),
        "form": form,
        "unsaved": status != 200,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "earlier": shown if shown and shown.version != versions[0].version else None,
        "meanwhile": meanwhile,
        "names": names_by_login(company=request.company),
        "variables": _catalogue(language),
        "may_edit": may(request.role, "settings.edit"),
        "law_url": elsewhere("dunning:text_law", key, language),
        "trial": trial,
        **trial.filled[language],
    }
    return render(request, "messaging/text.html", context, status=status)


@page("settings.view", methods=("POST",))
def text_preview(request: CompanyRequest, key: str, language: str) -> HttpResponse:
    """What is typed at this moment, filled for the customer who is typed, else with samples; nothing is kept."""
    gates.text_place(key=key, language=language)
    trial = tried_on(request, key=key, wordings={language: _typed(request)}, typed=request.POST)
    context = {"trial": trial, "key": key, "code": language, **trial.filled[language]}
    return render(request, "messaging/_text_preview.html", context)


@page("settings.view", methods=("POST",))
def text_letter(request: CompanyRequest, key: str, language: str) -> HttpResponse:
    """The letter with what is typed at this moment, as a picture; nothing is kept."""
    gates.text_place(key=key, language=language)
    shown = letter_shown(request, key=key, language=language, source=_typed(request))
    return render(request, "messaging/_text_letter.html", shown)


def _typed(request: CompanyRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\r\n", "\n").replace("\0", "") for name in FIELDS}


def _tabs(key: str) -> list[dict[str, str]]:
    """The same wording in each language."""
    return [
        {
            "code": one,
            "name": said(words.LANGUAGES, one),
            "address": reverse("messaging:text", args=[key, one]),
        }
        for one in sorted(written_languages())
    ]


def _catalogue(language: str) -> list[dict[str, Any]]:
    """Every variable with its meaning in the reader's language and its sample in the text's."""
    reader = written_language(get_language() or "en")
    return [
        {
            "name": variable.name,
            "meaning": variable.meaning[reader],
            "sample": "" if variable.fields else variable.sample[written_language(language)],
            "fields": variable.fields,
        }
        for variable in VARIABLES
    ]
