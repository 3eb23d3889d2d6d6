"""What each step says, in each language: the overview, the editor with its preview, and earlier versions."""

from __future__ import annotations

from itertools import product
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.kit.ways import whole_number
from debitora.messaging import gates
from debitora.messaging.actions import TextChangedMeanwhile, TextHasFaults, save_text
from debitora.messaging.actions.texts import faults_of
from debitora.messaging.forms import words
from debitora.messaging.forms.texts import FIELDS, TextForm, fault_said
from debitora.messaging.forms.words import said, text_name
from debitora.messaging.pages.answers import done
from debitora.messaging.queries import TextVersion, text_versions, texts_overview
from debitora.messaging.rules.notice_texts import TextKey, Tone
from debitora.messaging.rules.texts import (
    TextNotRenderable,
    paragraphs,
    render_subject,
    render_text,
)
from debitora.messaging.rules.variables import VARIABLES, sample_values
from debitora.messaging.rules.words import written_language, written_languages
from debitora.people.gates import CompanyRequest, actor, fresh, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("settings.view")
def texts(request: CompanyRequest) -> HttpResponse:
    """All wordings: one row per step and reader, one column per language."""
    known = {(text.key, text.language): text for text in texts_overview()}
    languages = sorted(written_languages())
    rows = [
        {
            "name": text_name(key),
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


def _place(key: str, language: str, text: TextVersion | None) -> dict[str, Any]:
    return {
        "address": reverse("messaging:text", args=[key, language]),
        "language": said(words.LANGUAGES, language),
        "text": text,
    }


@page("settings.view")
def text(request: CompanyRequest, key: str, language: str) -> HttpResponse:
    """A wording; `?version=3` shows an earlier one, which saving makes the newest."""
    gates.text_place(key=key, language=language)
    versions = text_versions(key=key, language=language)
    wanted = whole_number(request.GET.get("version", ""))
    shown = next((one for one in versions if one.version == wanted), versions[0] if versions else None)
    newest = versions[0].version if versions else 0
    initial = {name: getattr(shown, name) for name in FIELDS} if shown else {}
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
    context = {
        "name": text_name(key),
        "language": said(words.LANGUAGES, language),
        "key": key,
        "code": language,
        "form": form,
        "versions": versions,
        "newest": versions[0] if versions else None,
        "shown": shown,
        "earlier": shown if shown and shown.version != versions[0].version else None,
        "meanwhile": meanwhile,
        "names": names_by_login(company=request.company),
        "variables": _catalogue(language),
        "may_edit": may(request.role, "settings.edit"),
        **_previewed(source, language),
    }
    return render(request, "messaging/text.html", context, status=status)


@page("settings.view", methods=("POST",))
def text_preview(request: CompanyRequest, key: str, language: str) -> HttpResponse:
    """What is typed at this moment, filled with samples; nothing is kept."""
    gates.text_place(key=key, language=language)
    source = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    return render(request, "messaging/_text_preview.html", _previewed(source, language))


def _previewed(source: dict[str, str], language: str) -> dict[str, Any]:
    """The filled texts, or what is wrong with them by field."""
    faults = [
        {"field": str(TextForm.base_fields[name].label), "said": fault_said(fault)}
        for name in FIELDS
        for fault in faults_of(name, source[name])
    ]
    if faults:
        return {"faults": faults}
    values = sample_values(language)
    try:
        return {
            "subject": render_subject(source["subject"], values),
            "parts": [
                (str(TextForm.base_fields[name].label), paragraphs(render_text(source[name], values)))
                for name in ("mail", "opening", "closing")
            ],
        }
    except TextNotRenderable as problem:
        return {"faults": [{"field": "", "said": str(problem)}]}


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
