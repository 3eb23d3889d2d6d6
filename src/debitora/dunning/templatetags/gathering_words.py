"""How a strategy gathers and when it sends, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.dunning.rules.policy import Approval, Grouping, Policy

GROUPINGS: Final[Mapping[str, str | Promise]] = {
    "customer_currency": gettext_lazy("Customer: everything in one currency, at its highest level"),
    "level": gettext_lazy("Customer and level"),
    "order": gettext_lazy("Customer and order"),
}
_SAID: Final[Mapping[Grouping, str | Promise]] = {
    Grouping.LEVEL: gettext_lazy("A customer gets a notice of her own for each level."),
    Grouping.ORDER: gettext_lazy("A customer gets a notice of her own for each order."),
}


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
    if policy.quiet_days:
        days = "; ".join(one.text for one in policy.quiet_days)
        said.append(_("Nothing is sent on quiet days: %(days)s.") % {"days": days})
    if policy.approval_above and policy.approval is Approval.AUTOMATIC:
        said.append(_("A run waits for a person if a notice is above the limit."))
    return said
