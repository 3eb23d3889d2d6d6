"""Whom a case is put to and why: the rules in their order with what they catch today, the reasons, and the versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.disputes.actions import RoutingChangedMeanwhile, RoutingRefused, restore_routing, save_routing
from debitora.disputes.forms.routing import RestForm, RuleForm, typed_in
from debitora.disputes.forms.rule_words import (
    FAULTS,
    asked_words,
    condition_words,
    days_words,
    escalation_words,
    reason_names,
)
from debitora.disputes.forms.words import REASONS
from debitora.disputes.models import RoutingVersion
from debitora.disputes.pages.layers import day_of, done, refused
from debitora.disputes.queries.routing import (
    Kept,
    askable,
    preview,
    reasons_used,
    routing_of,
    versions,
)
from debitora.disputes.rules.reaching import unreached
from debitora.disputes.rules.routing import PRESET, REST, Routing, Rule
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.queries import members, names_by_login, salespeople
from debitora.people.rules import may
from debitora.receivables.queries import product_groups
from debitora.values.locales import format_amount
from debitora.values.money import Money

LISTED = 20
"""So many of the cases that would be put to somebody else are named."""


@page("settings.view")
def routing(request: CompanyRequest) -> HttpResponse:
    """Every rule in the order in which it is asked, and how many of today's cases it would catch."""
    kept = routing_of(company=request.company.id)
    seen = preview(company=request.company, routing=kept.routing, on=day_of(request))
    used = reasons_used()
    context = {
        "kept": kept,
        "looked_at": seen.looked_at,
        "rules": list(_told(request, kept.routing, seen.caught)),
        "reasons": [
            {
                "row": one,
                "name": reason_names(kept.routing)[one.code],
                "own": one.code not in REASONS,
                "cases": used[one.code],
            }
            for one in kept.routing.reasons
        ],
        "versions": versions(company=request.company.id),
        "names": names_by_login(company=request.company),
        "may_edit": may(request.role, "settings.edit"),
    }
    return render(request, "disputes/routing.html", context)


@page("settings.edit", methods=("GET", "POST"))
def new_rule(request: CompanyRequest) -> HttpResponse:
    """A rule behind those that exist; first what it would do, then keep it."""
    kept = routing_of(company=request.company.id)
    return _edited(request, kept, None, PRESET.rules[0])


@page("settings.edit", methods=("GET", "POST"))
def rule(request: CompanyRequest, place: int) -> HttpResponse:
    """Change a rule; 0 is the one for all other cases."""
    kept = routing_of(company=request.company.id)
    return _edited(request, kept, place, _rule_at(kept.routing, place))


@page("settings.edit", methods=("POST",))
def rule_moved(request: CompanyRequest, place: int) -> HttpResponse:
    """Ask a rule earlier, later, or not at all."""
    kept = routing_of(company=request.company.id)
    rules, verb = list(kept.routing.rules), str(request.POST.get("do", ""))
    if not 1 <= place <= len(rules):
        raise Http404
    to = {"up": place - 2, "down": place}.get(verb)
    if verb != "remove" and (to is None or not 0 <= to < len(rules)):
        return refused(request, _("Nothing had to be changed."), then=reverse("disputes:routing"))
    moved = rules.pop(place - 1)
    if to is not None:
        rules.insert(to, moved)
    text = _("The rule is gone.") if verb == "remove" else _("The rules are asked in this order from now on.")
    return saved(request, kept, replace(kept.routing, rules=tuple(rules)), text)


@page("settings.edit", methods=("POST",))
def restored(request: CompanyRequest, version: int) -> HttpResponse:
    """Take up an earlier version again; 0 is what Debitora brings along."""
    there, number = reverse("disputes:routing"), routing_of(company=request.company.id).number
    try:
        restore_routing(company=request.company, number=number, version=version, by=actor(request), at=now())
    except RoutingVersion.DoesNotExist:
        raise Http404 from None
    except RoutingChangedMeanwhile:
        return refused(request, _meanwhile(), then=there)
    except RoutingRefused as refusal:
        return refused(request, str(FAULTS[refusal.why]), then=there)
    text = _("New cases are routed as they were before.")
    return done(request, text, then=there, undo=_undo(number))


def saved(request: CompanyRequest, kept: Kept, wanted: Routing, text: str) -> HttpResponse:
    """Keep the routing and say so, with the way back; or say why it cannot be kept."""
    there = reverse("disputes:routing")
    known: dict[str, Any] = {"company": request.company, "by": actor(request), "at": now()}
    sent = str(request.POST.get("version", kept.number))
    try:
        number = save_routing(**known, number=int(sent) if sent.isdecimal() else kept.number, wanted=wanted)
    except RoutingChangedMeanwhile:
        return refused(request, _meanwhile(), then=there)
    except RoutingRefused as refusal:
        return refused(request, str(FAULTS[refusal.why]), then=there)
    if number == kept.number:
        return refused(request, _("Nothing had to be changed."), then=there)
    return done(request, text, then=there, undo=_undo(kept.number))


def _edited(request: CompanyRequest, kept: Kept, place: int | None, rule: Rule) -> HttpResponse:
    form = _form(request, kept, rule, rest=place == REST)
    if request.method != "POST":
        return _rule_page(request, kept, form, place)
    if not form.is_valid():
        return _rule_page(request, kept, form, place, status=422)
    typed = form.rule() if isinstance(form, RuleForm) else form.changed(rule)
    wanted = _with_rule(kept.routing, place, typed)
    if request.POST.get("do") == "preview":
        return _rule_page(request, kept, form, place, tried=wanted)
    if form.cleaned_data["version"] != kept.number:
        form.add_error(None, _meanwhile())
        return _rule_page(request, kept, form, place, status=409)
    return saved(request, kept, wanted, _("The rule is kept. New cases are routed by it."))


def _with_rule(routing: Routing, place: int | None, rule: Rule) -> Routing:
    if place == REST:
        return replace(routing, rest=rule)
    rules = list(routing.rules)
    if place is None:
        rules.append(rule)
    else:
        rules[place - 1] = rule
    return replace(routing, rules=tuple(rules))


def _form(request: CompanyRequest, kept: Kept, rule: Rule, *, rest: bool) -> RuleForm | RestForm:
    data = request.POST if request.method == "POST" else None
    people = askable(company=request.company)
    shown = ""
    if rule.currency:
        shown = format_amount(Money(rule.above_minor, rule.currency), request.LANGUAGE_CODE)
    initial = typed_in(rule, shown=shown, version=kept.number)
    if rest:
        return RestForm(data, people=people, initial=initial)
    initial["currency"] = rule.currency or request.company.currency
    reasons = {
        code: name
        for code, name in reason_names(kept.routing).items()
        if code in kept.routing.offered or code in rule.reasons
    }
    sellers = salespeople(company=request.company)
    groups = product_groups()
    return RuleForm(data, people=people, reasons=reasons, sellers=sellers, groups=groups, initial=initial)


def _rule_page(
    request: CompanyRequest,
    kept: Kept,
    form: RuleForm | RestForm,
    place: int | None,
    *,
    tried: Routing | None = None,
    status: int = 200,
) -> HttpResponse:
    title = _("New rule") if place is None else _("Rule %(place)s") % {"place": place}
    context: dict[str, Any] = {
        "title": _("All other cases") if place == REST else title,
        "form": form,
        "rest": place == REST,
        "place": place,
        "reasons": reason_names(kept.routing),
    }
    if tried is not None:
        named = {one.user_id: one.name for one in members(company=request.company)}
        seen = preview(company=request.company, routing=tried, on=day_of(request))
        at = len(tried.rules) if place is None else place
        context["seen"] = seen
        context["hidden_by"] = unreached(tried, people=frozenset(askable(company=request.company))).get(at, 0)
        context["caught"] = seen.caught[at]
        context["more"] = max(len(seen.changes) - LISTED, 0)
        context["changes"] = [
            (one, named.get(one.before or 0, _("nobody")), named.get(one.after or 0, _("nobody")))
            for one in seen.changes[:LISTED]
        ]
    return render(request, "disputes/rule.html", context, status=status)


def _rule_at(routing: Routing, place: int) -> Rule:
    """The rule at that place. Raises Http404."""
    found = dict(routing.placed()).get(place)
    if found is None:
        raise Http404
    return found


def _told(request: CompanyRequest, routing: Routing, caught: Any) -> Iterator[dict[str, Any]]:
    people = {one.user_id: one.name for one in members(company=request.company) if one.is_active}
    reasons = reason_names(routing)
    hidden = unreached(routing, people=frozenset(askable(company=request.company)))
    for place, rule in routing.placed():
        yield {
            "place": place,
            "cases": condition_words(rule, reasons=reasons, people=people),
            "asked": asked_words(rule.asked, people=people),
            "days": days_words(rule.days),
            "escalation": escalation_words(rule, people=people),
            "caught": caught[place],
            "hidden_by": hidden.get(place, 0),
            "first": place == 1,
            "last": place == len(routing.rules),
        }


def _undo(number: int) -> str:
    return reverse("disputes:routing_restored", args=[number])


def _meanwhile() -> str:
    return _("Somebody has changed the rules meanwhile. Look at them and decide again.")
