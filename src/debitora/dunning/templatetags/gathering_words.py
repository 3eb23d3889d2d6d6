"""How a strategy gathers and when it sends, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.dunning.rules.policy import AfterLastStep, Approval, Grouping, Policy

register = template.Library()

GROUPINGS: Final[Mapping[str, str | Promise]] = {
    "customer_currency": gettext_lazy("Customer: everything in one currency, at its highest level"),
    "level": gettext_lazy("Customer and level"),
    "order": gettext_lazy("Customer and order"),
    "contact": gettext_lazy("Customer and contact whom invoices name"),
    "parent": gettext_lazy("Customer, sent to her parent company"),
}
AFTERS: Final[Mapping[str, str | Promise]] = {
    "stop": gettext_lazy("Nothing more"),
    "propose_agency": gettext_lazy("Propose a collection agency"),
    "propose_write_off": gettext_lazy("Propose to write it off"),
    "propose_stop_delivery": gettext_lazy("Propose to stop deliveries"),
}
_SAID: Final[Mapping[Grouping, str | Promise]] = {
    Grouping.LEVEL: gettext_lazy("A customer gets a notice of her own for each level."),
    Grouping.ORDER: gettext_lazy("A customer gets a notice of her own for each order."),
    Grouping.PARENT: gettext_lazy(
        "What is asked of the customers of one parent company goes to the parent, a notice for each of them."
    ),
    Grouping.CONTACT: gettext_lazy(
        "A customer gets a notice of her own for each contact whom her invoices name, and it goes to that contact."
    ),
}


@register.filter
def proposal_word(proposal: str) -> str:
    """What a strategy proposes for an item whose steps are all taken; empty for nothing."""
    return str(AFTERS.get(proposal, ""))


def gathering_sentences(policy: Policy) -> list[str]:
    """What the strategy says beyond the usual: how it gathers, its early reminder, its quiet days, its limit."""
    said = [str(_SAID[policy.grouping])] if policy.grouping in _SAID else []
    if policy.consider_credits and not policy.offset_credits:
        said.append(_("Open credits are shown, and the whole sum is asked for."))
    if policy.upcoming:
        said.append(
            _("A friendly reminder goes out up to %(days)s days before the due day.")
            % {"days": policy.upcoming.days_before}
        )
    if policy.after_last_step is not AfterLastStep.STOP:
        said.append(_("After the last step: %(what)s.") % {"what": AFTERS[policy.after_last_step.value]})
    if policy.quiet_days:
        days = "; ".join(one.text for one in policy.quiet_days)
        said.append(_("Nothing is sent on quiet days: %(days)s.") % {"days": days})
    if policy.approval_above and policy.approval is Approval.AUTOMATIC:
        said.append(_("A run waits for a person if a notice is above the limit."))
    return said
