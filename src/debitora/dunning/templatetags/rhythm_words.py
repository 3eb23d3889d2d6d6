"""How runs come, and what a follow-up follows, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from debitora.dunning.rules.rhythm import Mode, Rhythm

register = template.Library()

MODES: Final[Mapping[str, str | Promise]] = {
    "hand": gettext_lazy("by hand only"),
    "daily": gettext_lazy("once a day"),
    "continuous": gettext_lazy("once a day, and again as soon as something changes"),
}
_CAUSES: Final = {
    "list": ngettext_lazy("%(n)s list or new item", "%(n)s lists or new items", "n"),
    "payment": ngettext_lazy("%(n)s payment taken back or moved", "%(n)s payments taken back or moved", "n"),
    "hold": ngettext_lazy("%(n)s hold ended", "%(n)s holds ended", "n"),
    "case": ngettext_lazy("%(n)s case closed", "%(n)s cases closed", "n"),
    "customer": ngettext_lazy("%(n)s change of a customer", "%(n)s changes of customers", "n"),
    "strategy": ngettext_lazy(
        "%(n)s change of strategies or pauses", "%(n)s changes of strategies or pauses", "n"
    ),
    "notice": ngettext_lazy("%(n)s notice that did not leave", "%(n)s notices that did not leave", "n"),
    "sales": ngettext_lazy("%(n)s word of sales", "%(n)s words of sales", "n"),
}


@register.filter
def rhythm_word(rhythm: Rhythm) -> str:
    """How runs come, with their hours."""
    hours = {"begins": f"{rhythm.begins}:00", "ends": f"{rhythm.ends}:00"}
    if rhythm.mode is Mode.HAND:
        return _("Runs are started by hand only.")
    if rhythm.mode is Mode.DAILY:
        return _("A run comes once a day, from %(begins)s on.") % hours
    return _("A run comes once a day, from %(begins)s on; changes are followed up until %(ends)s.") % hours


@register.filter
def causes_line(causes: Mapping[str, int]) -> str:
    """What had changed, how often."""
    return ", ".join(
        str(_CAUSES[cause] % {"n": times}) for cause, times in causes.items() if cause in _CAUSES
    )
