"""Strategies: the list, the form, and what changed from version to version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import (
    StrategyChangedMeanwhile,
    StrategyNameTaken,
    StrategyUnlawful,
    add_strategy,
    change_strategy,
)
from debitora.dunning.forms.strategies import MOST_STEPS, PolicyForms
from debitora.dunning.pages.answers import day_of, done, refused, whole
from debitora.dunning.queries.lawfulness import lawfulness
from debitora.dunning.queries.preview import SHOWN, preview
from debitora.dunning.queries.strategies import StrategyRow, versions_of
from debitora.dunning.queries.strategies import strategies as all_strategies
from debitora.dunning.rules import presets
from debitora.dunning.rules.law.rules import Finding
from debitora.dunning.rules.policy import Policy
from debitora.dunning.templatetags.law_words import findings_said
from debitora.dunning.templatetags.strategy_prose import prose
from debitora.dunning.templatetags.strategy_words import differences, strategy_name
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.messaging.queries import texts_overview
from debitora.messaging.rules.notice_texts import TextKey
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("settings.view")
def strategies(request: Any) -> HttpResponse:
    """All strategies, and what gives them to customers."""
    context = {
        "rows": all_strategies(),
        "presets": [(name, strategy_name(presets.preset(name).name)) for name in _offered(request)],
        "may_edit": may(request.role, "settings.edit"),
        "names": names_by_login(company=request.company),
    }
    return render(request, "dunning/strategies.html", context)


@page("settings.edit", methods=("GET", "POST"))
def new(request: Any) -> HttpResponse:
    """A strategy made from a preset, as it is or with all that it offers to claim."""
    wanted = str(request.GET.get("preset", ""))
    name = wanted if wanted in presets.names() else _offered(request)[0]
    base = (presets.with_claims if request.GET.get("claims") == "1" else presets.preset)(name)
    if request.method == "GET":
        forms = _filled(request, replace(base, name=_free_name(strategy_name(base.name))), None)
        return _form(request, forms, base=base)
    forms, only_steps = _typed(request, base)
    if only_steps:
        return _form(request, forms, base=base)
    policy = forms.policy()
    if policy is None:
        return _form(request, forms, base=base, status=422)
    if _only_preview(request):
        return _form(request, forms, base=base, tried=policy)
    try:
        version = add_strategy(company=request.company.id, policy=policy, by=actor(request), at=now())
    except StrategyNameTaken:
        forms.head.add_error("name", _("Another strategy has this name."))
        return _form(request, forms, base=base, status=422)
    except StrategyUnlawful as forbidden:
        forms.refuse(forbidden.findings)
        return _form(request, forms, base=base, found=forbidden.findings, status=422)
    return done(
        request, _("The strategy is kept."), then=reverse("dunning:strategy", args=[version.strategy_id])
    )


@page("settings.view")
def strategy(request: Any, strategy: int) -> HttpResponse:
    """The strategy as a form."""
    row = gates.strategy(strategy=strategy)
    return _form(request, _filled(request, row.policy, row.version), row=row)


@page("settings.edit", methods=("POST",))
def saved(request: Any, strategy: int) -> HttpResponse:
    """Keep what was typed as a new version."""
    row = gates.strategy(strategy=strategy)
    forms, only_steps = _typed(request, row.policy)
    if only_steps:
        return _form(request, forms, row=row)
    policy = forms.policy()
    if policy is None:
        return _form(request, forms, row=row, status=422)
    if _only_preview(request):
        return _form(request, forms, row=row, tried=policy)
    return _changed(request, row, forms, policy)


def _only_preview(request: Any) -> bool:
    """Whether what was typed shall be tried on today's items and not be kept."""
    return str(request.POST.get("do", "")) == "preview"


def _offered(request: Any) -> list[str]:
    return presets.offered(request.company.country)


def _changed(request: Any, row: StrategyRow, forms: PolicyForms, policy: Policy) -> HttpResponse:
    opened = forms.head.cleaned_data.get("version") or 0
    try:
        kept = change_strategy(
            company=request.company.id,
            strategy=row.id,
            version=opened,
            policy=policy,
            by=actor(request),
            at=now(),
        )
    except StrategyChangedMeanwhile:
        return _form(request, forms, row=row, opened=opened, status=409)
    except StrategyUnlawful as forbidden:
        forms.refuse(forbidden.findings)
        return _form(request, forms, row=row, found=forbidden.findings, status=422)
    there = reverse("dunning:strategy", args=[row.id])
    if kept.version == row.version:
        return refused(request, _("Nothing had to be changed."), then=there)
    text = _("Version %(version)s is kept. The next run uses it.") % {"version": kept.version}
    return done(request, text, then=there)


def _claiming(base: Policy) -> str:
    """The name of the preset that may claim more than this, where there is one."""
    same = (name for name in presets.names() if presets.preset(name) == base != presets.with_claims(name))
    return next(same, "")


def _free_name(name: str) -> str:
    taken = {strategy_name(row.name) for row in all_strategies()}
    others = (f"{name} ({number})" for number in range(2, 1000))
    return next(one for one in (name, *others) if one not in taken)


# --------------------------------------------------------------------------------------------------- the form


def _texts() -> list[str]:
    """Keys of texts, without their tone."""
    keys = {text.key.partition(".")[0] for text in texts_overview()}
    return sorted(keys - {TextKey.UPCOMING})


def _filled(request: Any, policy: Policy, version: int | None) -> PolicyForms:
    return PolicyForms.of(policy, version=version, texts=_texts(), currency=request.company.currency)


def _typed(request: Any, base: Policy) -> tuple[PolicyForms, bool]:
    """What was sent, and whether only a step was added or taken away: then nothing is checked or kept yet."""
    places = _places(request.POST.getlist("step"))
    verb, _dash, place = str(request.POST.get("do", "")).partition("-")
    data = request.POST
    if verb == "add" and len(places) < MOST_STEPS:
        data, places = _with_another(data, places)
    elif verb == "remove" and place.isdecimal():
        places = [one for one in places if one != int(place)]
    forms = PolicyForms.typed(
        data, texts=_texts(), currency=request.company.currency, base=base, places=places
    )
    return forms, verb in ("add", "remove")


def _places(sent: Sequence[str]) -> list[int]:
    places = [int(value) for value in sent if value.isdecimal() and len(value) <= 4]
    return list(dict.fromkeys(places))[: MOST_STEPS + 1]


def _with_another(data: Any, places: list[int]) -> tuple[Any, list[int]]:
    """The data with one more step, which begins as the last one, two weeks later."""
    wanted, last, place = data.copy(), max(places, default=0), max(places, default=0) + 1
    for name in (
        "min_gap_days",
        "deadline_days",
        "text",
        "channel",
        "to",
        "counts",
        "language",
        "signed_by",
        "signed_phone",
        "call_only_reminds",
        "enclose_copies",
        "minimum_item",
        "minimum_notice",
        "copy_to",
    ):
        wanted[f"step-{place}-{name}"] = data.get(f"step-{last}-{name}", "")
    days = str(data.get(f"step-{last}-days_after_due", ""))
    wanted[f"step-{place}-days_after_due"] = str(int(days) + 14) if days.isdecimal() and len(days) < 5 else ""
    wanted[f"step-{place}-min_gap_days"] = "14" if last else "0"
    return wanted, [*places, place]


def _form(
    request: Any,
    forms: PolicyForms,
    *,
    row: StrategyRow | None = None,
    base: Policy | None = None,
    opened: int | None = None,
    tried: Policy | None = None,
    found: Sequence[Finding] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **(_tried(request, row, tried) if tried else {}),
        "head": forms.head,
        "steps": [((form.prefix or "").removeprefix("step-"), form) for form in forms.steps],
        "row": row,
        "names": names_by_login(company=request.company),
        "base": base,
        "may_add": len(forms.steps) < MOST_STEPS,
        "may_edit": may(request.role, "settings.edit"),
        "wrong": sum(len(form.errors) for form in (forms.head, *forms.steps)) if status == 422 else 0,
        "meanwhile": _since(row, opened) if row and opened is not None else None,
        "claiming": _claiming(base) if base and not tried and status == 200 else "",
        "read": _read(request, tried or (row.policy if row else base), found),
    }
    return render(request, "dunning/strategy.html", context, status=status)


def _read(request: Any, policy: Policy | None, found: Sequence[Finding] | None) -> dict[str, Any]:
    """A strategy as prose, and what the law says against it."""
    if policy is None:
        return {}
    if (
        found is not None
    ):  # refused: what is forbidden stands at its fields, and the rest is what is kept so far
        return {"findings": findings_said(one for one in found if not one.unlawful)}
    found = lawfulness(policy=policy, on=day_of(request))
    return {"prose": prose(policy), "findings": findings_said(found)}


def _tried(request: Any, row: StrategyRow | None, policy: Policy) -> dict[str, Any]:
    """What the typed policy would do today; nothing is written."""
    seen = preview(company=request.company, row=row, policy=policy, on=day_of(request))
    rows = [(one, elsewhere("receivables:customer", one.customer)) for one in seen.rows]
    return {"preview": seen, "differing": rows, "shown": SHOWN}


def _since(row: StrategyRow, opened: int) -> dict[str, Any]:
    """What somebody else saved since the form was opened."""
    known = {one.version: one.policy for one in versions_of(strategy=row.id)}
    return {
        "who": row.made_by,
        "at": row.made_at,
        "version": row.version,
        "differences": differences(known.get(opened, {}), known[row.version]),
    }


@page("settings.view")
def versions(request: Any, strategy: int) -> HttpResponse:
    """All versions with author and moment, and how two of them differ."""
    row = gates.strategy(strategy=strategy)
    found = versions_of(strategy=row.id)
    by_number = {one.version: one for one in found}
    newer = by_number.get(whole(request, "newer") or 0, found[0])
    older = by_number.get(whole(request, "older") or 0, by_number.get(newer.version - 1))
    context = {
        "row": row,
        "names": names_by_login(company=request.company),
        "versions": found,
        "newer": newer,
        "older": older,
        "differences": differences(older.policy, newer.policy) if older else [],
    }
    return render(request, "dunning/versions.html", context)
