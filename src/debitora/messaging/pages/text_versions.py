"""One version of a wording: what it changed, what bringing it back would change, and bringing it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.kit.undo import is_undoing, offer_undo
from debitora.kit.ways import see
from debitora.messaging import gates
from debitora.messaging.actions.texts import TextHasFaults, restore_text
from debitora.messaging.forms import words
from debitora.messaging.forms.texts import TextForm
from debitora.messaging.forms.words import said, text_name
from debitora.messaging.pages.answers import refused
from debitora.messaging.queries import text_versions
from debitora.messaging.rules.comparison import Fate, Piece, changed_parts
from debitora.people.gates import CompanyRequest, actor, fresh, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("settings.view")
def text_version(request: CompanyRequest, key: str, language: str, version: int) -> HttpResponse:
    """A version against the one before it, and the one that goes out now against it."""
    found = gates.text_of_version(key=key, language=language, version=version)
    versions = text_versions(key=key, language=language)
    newest = versions[0]
    before = next((one for one in versions if one.version < found.version), None)
    after = next((one for one in reversed(versions) if one.version > found.version), None)
    context = {
        "name": text_name(key),
        "language": said(words.LANGUAGES, language),
        "key": key,
        "code": language,
        "version": found,
        "newest": newest,
        "before": before,
        "after": after,
        "changed": _told(before.parts, found.parts) if before else _whole(found.parts),
        "restoring": _told(newest.parts, found.parts) if found.version != newest.version else [],
        "names": names_by_login(company=request.company),
        "may_edit": may(request.role, "settings.edit"),
    }
    return render(request, "messaging/text_version.html", context)


@page("settings.edit", methods=("POST",))
@fresh
def text_restored(request: CompanyRequest, key: str, language: str, version: int) -> HttpResponse:
    """Let an earlier version go out again, as a new one; the toast brings the replaced one back."""
    found = gates.text_of_version(key=key, language=language, version=version)
    there, replaced = (
        reverse("messaging:text", args=[key, language]),
        text_versions(key=key, language=language)[0],
    )
    try:
        saved = restore_text(
            company=request.company.id, key=key, language=language, version=found.version,
            by=actor(request), at=now(),
        )  # fmt: skip
    except TextHasFaults:
        text = _("This version cannot be filled any more. Open it in the editor: the faults are named there.")
        return refused(request, text, then=f"{there}?version={found.version}")
    if saved.version == replaced.version:
        return refused(request, _("Nothing had to be changed: the text reads like this already."), then=there)
    told = _("Version %(version)s reads like version %(earlier)s and goes out from now on.")
    way_back = reverse("messaging:text_restored", args=[key, language, replaced.version])
    offer_undo(request, told % {"version": saved.version, "earlier": found.version}, address=way_back)
    return _again(request, there)


def _again(request: CompanyRequest, there: str) -> HttpResponse:
    answer = see(there)
    if is_undoing(request):
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = there
    return answer


def _whole(parts: dict[str, str]) -> list[dict[str, Any]]:
    """All that a first version says: it changed nothing."""
    return [
        {"label": str(TextForm.base_fields[name].label), "pieces": (Piece(Fate.SAME, text.strip()),)}
        for name, text in parts.items()
    ]


def _told(before: dict[str, str], after: dict[str, str]) -> list[dict[str, Any]]:
    """The parts that differ, by the names that the editor gives them."""
    return [
        {"label": str(TextForm.base_fields[one.part].label), "pieces": one.pieces}
        for one in changed_parts(before, after)
    ]
