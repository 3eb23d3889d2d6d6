"""How bold matching is, in words, with what that means for the lines that are open today."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.cash.actions import decide_policy
from debitora.cash.forms.policy import CARES, PolicyForm
from debitora.cash.models import MatchPolicy
from debitora.cash.pages.answers import done, names_of
from debitora.cash.queries.policies import policy_of
from debitora.cash.queries.review import MOST_COUNTED, lines_waiting, would_be_booked
from debitora.cash.rules.sureness import sure_from
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may


@dataclass(frozen=True, slots=True)
class Stand:
    """An answer to how dear a wrong booking is: from which confidence it books, and how many of today's lines."""

    care: int
    enough: int
    booked: int


@page("statements.view")
def policy(request: CompanyRequest) -> HttpResponse:
    """The policy, and today's effect of each answer."""
    return _shown(request, policy_of(request.company.id))


@page("settings.edit", methods=("POST",))
def decision(request: CompanyRequest) -> HttpResponse:
    """Decide the policy anew; what was booked stays booked."""
    present = policy_of(request.company.id)
    form = PolicyForm(request.POST, currency=request.company.currency, policy=present)
    if not form.is_valid():
        return _shown(request, present, form)
    told = form.cleaned_data
    decide_policy(
        company=request.company.id,
        by_itself=told["by_itself"],
        care=told["care"],
        most_minor=told["most_minor"],
        discount_bp=told["discount_bp"],
        discount_days=told["discount_days"],
        grace_days=told["grace_days"],
        write_off_minor=told["write_off_minor"],
        by=actor(request),
        at=now(),
    )
    return done(
        request, _("The policy is decided. It counts from the next matching on."), then=reverse("cash:policy")
    )


def _shown(request: CompanyRequest, present: MatchPolicy, form: PolicyForm | None = None) -> HttpResponse:
    waiting = lines_waiting()
    context = {
        "form": form or PolicyForm(currency=request.company.currency, policy=present),
        "policy": present,
        "enough": sure_from(present.care),
        "stands": [
            Stand(care, sure_from(care), would_be_booked(enough=sure_from(care), most=present.most_minor))
            for care in sorted({*CARES, present.care})
        ],
        "waiting": min(waiting, MOST_COUNTED),
        "more_than": waiting > MOST_COUNTED,
        "currency": request.company.currency,
        "names": names_of(request),
        "may_decide": may(request.role, "settings.edit"),
    }
    return render(request, "cash/policy.html", context, status=422 if form else 200)
