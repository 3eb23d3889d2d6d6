"""Who gets which strategy: the rules in their order with whom each catches today, and the choice for one customer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import (
    RuleExists,
    RuleNamesNothing,
    TooManyRules,
    add_rule,
    assign,
    choose_strategy,
    move_rule,
    remove_rule,
)
from debitora.dunning.forms.assignments import RuleForm
from debitora.dunning.pages.answers import done, refused, scope_of
from debitora.dunning.queries.assignments import SHOWN, given_to, overview, own_strategies, segments
from debitora.dunning.queries.strategies import strategies
from debitora.dunning.rules.policy import DebtorKind
from debitora.dunning.templatetags.strategy_words import DEBTORS, given_words, rule_words
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login, salespeople
from debitora.people.rules import may
from debitora.receivables import gates as ledger_gates


@page("settings.view")
def assignments(request: Any) -> HttpResponse:
    """Every rule in the order in which it is asked, and how many customers it catches today."""
    return _shown(request, _form(request))


@page("settings.edit", methods=("POST",))
def rule_added(request: Any) -> HttpResponse:
    """Add a rule behind those that exist."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    try:
        add_rule(
            company=request.company.id,
            attributes=form.attributes(),
            strategy=form.cleaned_data["strategy"],
            by=actor(request),
            at=now(),
        )
    except RuleNamesNothing:
        form.add_error(None, _("Choose at least one attribute: a rule for everybody is what stands below."))
    except RuleExists:
        form.add_error(None, _("There is a rule for these customers already."))
    except TooManyRules:
        form.add_error(None, _("There are as many rules as there may be. Take one away first."))
    if form.errors:
        return _shown(request, form, status=422)
    return done(request, _("The rule is kept. The next run uses it."), then=reverse("dunning:assignments"))


@page("settings.edit", methods=("POST",))
def rule_changed(request: Any, segment: int) -> HttpResponse:
    """Ask a rule earlier, later, or not at all."""
    there, verb = reverse("dunning:assignments"), str(request.POST.get("do", ""))
    rule = gates.segment(segment=segment)
    known: dict[str, Any] = {
        "company": request.company.id,
        "rule": rule.id,
        "by": actor(request),
        "at": now(),
    }
    if verb == "remove":
        remove_rule(**known)
        return done(request, _("The rule is gone. Its customers go to the next one that fits."), then=there)
    if verb not in ("up", "down") or not move_rule(**known, up=verb == "up"):
        return refused(request, _("Nothing had to be changed."), then=there)
    return done(request, _("The rules are asked in this order from the next run on."), then=there)


@page("settings.edit", methods=("POST",))
def assigned(request: Any) -> HttpResponse:
    """Choose the strategy of each kind of customer."""
    there = reverse("dunning:assignments")
    known, changed = {str(row.id): row for row in strategies()}, 0
    for kind in DebtorKind:
        row = known.get(str(request.POST.get(kind.value, "")))
        if row is not None and kind.value not in row.kinds:
            assign(
                company=request.company.id,
                customer_kind=kind.value,
                strategy=row.id,
                by=actor(request),
                at=now(),
            )
            changed += 1
    if not changed:
        return refused(request, _("Nothing had to be changed."), then=there)
    return done(request, _("The next run uses this choice."), then=there)


@page("customers.view")
def customer_strategy(request: Any, customer: int) -> HttpResponse:
    """The strategy of a customer and which rule gave it, as a panel of her sheet."""
    found = ledger_gates.customer(scope=scope_of(request), customer=customer)
    given = given_to(customer=found.id)
    rows = strategies()
    context = {
        "customer": found.id,
        "row": next((row for row in rows if row.id == given.strategy), None),
        "rows": rows,
        "own": given.strategy if given.source == "customer" else None,
        "said": given_words(given, found.kind, segments(), salespeople(company=request.company)),
        "may_choose": may(request.role, "customers.edit"),
        "may_see": may(request.role, "settings.view"),
    }
    return render(request, "dunning/_customer_strategy.html", context)


@page("customers.edit", methods=("POST",))
def customer_strategy_chosen(request: Any, customer: int) -> HttpResponse:
    """Choose a strategy for one customer, or leave her to the rules again."""
    found = ledger_gates.customer(scope=scope_of(request), customer=customer)
    there = elsewhere("receivables:customer", found.id) or reverse("dunning:runs")
    wanted = str(request.POST.get("strategy", ""))
    row = next((row for row in strategies() if str(row.id) == wanted), None)
    if row is None and wanted:
        return refused(request, _("Nothing had to be changed."), then=there)
    changed = choose_strategy(
        company=request.company.id,
        customer=found.id,
        strategy=row.id if row else None,
        by=actor(request),
        at=now(),
    )
    if not changed:
        return refused(request, _("Nothing had to be changed."), then=there)
    return done(request, _("The next run uses this choice."), then=there)


def _form(request: Any, data: Any = None) -> RuleForm:
    return RuleForm(data, salespeople=salespeople(company=request.company), strategies=strategies())


def _shown(request: Any, form: RuleForm, *, status: int = 200) -> HttpResponse:
    rows, seen = strategies(), overview()
    names = {row.id: row.name for row in rows}
    people = salespeople(company=request.company)
    context = {
        "rows": rows,
        "overview": seen,
        "rules": [(one, rule_words(one.segment, people), names[one.segment.strategy]) for one in seen.rules],
        "own": [
            (one, names[one.strategy], elsewhere("receivables:customer", one.customer))
            for one in own_strategies()
        ],
        "more": max(seen.own.customers - SHOWN, 0),
        "kinds": [
            (
                kind.value,
                DEBTORS[kind.value],
                next((row.id for row in rows if kind.value in row.kinds), None),
                seen.company[kind.value],
            )
            for kind in DebtorKind
        ],
        "form": form,
        "names": names_by_login(company=request.company),
        "may_edit": may(request.role, "settings.edit"),
    }
    return render(request, "dunning/assignments.html", context, status=status)
