"""The why-card in words: the rule in one sentence, the facts with their days, and what would change the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from debitora.dunning.rules.changes import Change, ChangeCode
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.why import Why
from debitora.dunning.templatetags.dunning import CHANNELS
from debitora.values.locales import format_date, format_money
from debitora.values.money import Money

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One fact in words."""

    name: str
    label: str
    value: str


RULES: Final[Mapping[str, str | Promise]] = {
    "notice": gettext_lazy(
        "Step %(level)s may be taken %(days_needed)s days after the due day, that is from %(reached_on)s on; the item is"
        " large enough and nothing stands against it."
    ),
    "upcoming": gettext_lazy(
        "An item gets one friendly reminder before its due day, from %(reached_on)s on."
    ),
    "list_behind": gettext_lazy(
        "While the list shows more open than the ledger knows, nobody is reminded of the item."
    ),
    "parked": gettext_lazy("A parked customer gets nothing until a person has looked."),
    "held_customer": gettext_lazy(
        "A hold on the customer stops all their notices until it ends or is lifted."
    ),
    "held_item": gettext_lazy("A hold on the whole item stops its notices until it ends or is lifted."),
    "no_strategy": gettext_lazy("Without a strategy for this kind of customer nobody is reminded."),
    "pending_notice": gettext_lazy(
        "While a notice with this item is on its way, no other one is made with it."
    ),
    "paused": gettext_lazy(
        "A pause of the customer's group closes the way that the next step takes, and names no other."
    ),
    "last_step_done": gettext_lazy(
        "The strategy has %(steps)s steps, and all have been taken; a person decides what follows."
    ),
    "grace": gettext_lazy(
        "Step %(level)s may be taken %(days_needed)s days after the due day, that is from %(reached_on)s on."
    ),
    "gap": gettext_lazy(
        "Between two reminders lie at least %(min_gap_days)s days; that is over on %(gap_over_on)s."
    ),
    "held_amount": gettext_lazy(
        "Step %(level)s reminds of items from %(item_minimum)s on; what is not on hold is less."
    ),
    "below_minimum": gettext_lazy("Step %(level)s reminds of items from %(item_minimum)s on."),
    "below_notice_minimum": gettext_lazy(
        "A notice of level %(notice_level)s is sent from %(notice_minimum)s on; all that is due together is less."
    ),
    "credit_covers": gettext_lazy(
        "Open credits lower what is asked for; what they leave is below %(notice_minimum)s, or nothing."
    ),
    "contact_cap": gettext_lazy(
        "A customer is contacted at most %(cap_touches)s times within %(cap_days)s days."
    ),
    "sales_asked": gettext_lazy(
        "Before a notice of level %(notice_level)s the customer's salesperson is asked, and has %(ask_sales_days)s working days"
        " to release or stop it."
    ),
}
"""The rule behind each reason, with the numbers it uses."""

FACTS: Final[Mapping[str, str | Promise]] = {
    "due_on": gettext_lazy("Due day"),
    "days_overdue": gettext_lazy("Days overdue"),
    "open_minor": gettext_lazy("Open"),
    "level": gettext_lazy("Level reached"),
    "last_reminded_on": gettext_lazy("Last reminded"),
    "crossed": gettext_lazy("A payment crossed the last notice, so that its level is repeated"),
    "held_minor": gettext_lazy("On hold"),
    "held_until_on": gettext_lazy("Hold until"),
    "list_behind": gettext_lazy("List and ledger disagree"),
    "pending": gettext_lazy("On a notice on its way"),
    "parked": gettext_lazy("Customer parked"),
    "paused_until_on": gettext_lazy("Pause of the customer's group until"),
    "way_instead": gettext_lazy("Goes instead by"),
    "touches_left": gettext_lazy("Contacts left"),
    "due_minor": gettext_lazy("Due together on one notice"),
    "credit_minor": gettext_lazy("Credits of the customer"),
    "sales_until_on": gettext_lazy("Sales is asked until"),
    "sales_released_on": gettext_lazy("Released by sales on"),
    "sales_stopped_until_on": gettext_lazy("Stopped by sales until"),
}
_SILENT: Final = (
    "crossed",
    "held_minor",
    "held_until_on",
    "list_behind",
    "pending",
    "parked",
    "paused_until_on",
    "way_instead",
    "credit_minor",
    "sales_until_on",
    "sales_released_on",
    "sales_stopped_until_on",
)
"""Facts that are told only where they are something."""


def rule_words(why: Why, *, currency: str) -> str:
    """The rule that decided, in one sentence; empty where there was nothing to decide."""
    if why.rule is None:
        return ""
    values = {"level": why.rule.level, **_shown(dict(why.rule.values), currency)}
    sentence = str(RULES[why.rule.code])
    try:
        return sentence % values
    except KeyError:  # a rule without its numbers: there is no strategy any more
        return ""


def _shown(values: Values, currency: str) -> dict[str, str]:
    """Values in words, amounts under their name without `_minor`."""
    return {name.removesuffix("_minor"): _value(name, value, currency) for name, value in values.items()}


def facts_of(why: Why) -> list[Told]:
    """What the decision looked at, in words."""
    values = dict(why.facts)
    currency = str(values.get("currency", "EUR"))
    return [
        Told(name, str(FACTS[name]), _value(name, value, currency))
        for name, value in values.items()
        if name in FACTS and value is not None and not (name in _SILENT and not value)
    ]


def _value(name: str, value: Any, currency: str) -> str:
    language = get_language() or "en"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_date(value, language)
    if name.endswith("_minor") and value is not None:
        return format_money(Money(int(value), currency), language)
    if name == "way_instead" and value:
        return str(CHANNELS[str(value)])
    return "–" if value is None else str(value)


# --------------------------------------------------------------------------------- what would change the answer


_BESIDES: Final[Mapping[Reason, str | Promise]] = {
    Reason.NOTICE: gettext_lazy("If it is put on hold before the notice leaves."),
    Reason.UPCOMING: gettext_lazy("If it is put on hold before the notice leaves."),
    Reason.NO_STRATEGY: gettext_lazy(
        "If a strategy is assigned to customers of this kind, or chosen for this customer."
    ),
    Reason.LAST_STEP_DONE: gettext_lazy(
        "If its strategy had a further step; otherwise a person decides what follows."
    ),
}
"""What would change the answer and is true of every item with it, so that no facts have to be altered to know it."""


def changes_said(why: Why, *, currency: str) -> list[str]:
    """Everything that would change the answer, each in a sentence; empty where several things are needed together."""
    said = [change_words(change, currency) for change in why.changes]
    besides = _BESIDES.get(why.reason) if why.reason else None
    return [*said, str(besides)] if besides else said


def change_words(change: Change, currency: str) -> str:
    """One change in a sentence. Amounts are of the item's currency unless the change names another."""
    return _CHANGES[change.code](_Told(change, currency))


@dataclass(frozen=True, slots=True)
class _Told:
    """A change's parameters in words."""

    change: Change
    currency: str

    def raw(self, name: str) -> Any:
        return dict(self.change.params).get(name)

    @property
    def sum(self) -> str:
        currency = str(self.raw("currency") or self.currency)
        return _value("minor_minor", self.raw("minor"), currency)

    def day(self, name: str) -> str:
        return _value(name, self.raw(name), self.currency)


def _time(told: _Told) -> str:
    days = told.raw("days")
    text = ngettext(
        "Nothing but time: in %(days)s day, on %(on)s.",
        "Nothing but time: in %(days)s days, on %(on)s.",
        days,
    )
    return text % {"days": days, "on": told.day("on")}


def _paid(told: _Told) -> str:
    return _("If %(sum)s of it is paid.") % {"sum": told.sum}


def _holds_end(told: _Told) -> str:
    if told.raw("until_on"):
        return _("If the hold is lifted; it ends by itself on %(on)s.") % {"on": told.day("until_on")}
    return _("If the hold is lifted; it has no end of its own.")


def _item_minimum(told: _Told) -> str:
    text = _("If the minimum for an item in step %(level)s is at most %(sum)s.")
    return text % {"level": told.raw("level"), "sum": told.sum}


def _notice_minimum(told: _Told) -> str:
    text = _("If the minimum for a notice in step %(level)s is at most %(sum)s.")
    return text % {"level": told.raw("level"), "sum": told.sum}


def _credits_used(told: _Told) -> str:
    return _("If the credits of %(sum)s are put against other items or paid out.") % {"sum": told.sum}


def _cap_raised(told: _Told) -> str:
    return _("If the strategy allows %(touches)s contacts.") % {"touches": told.raw("touches")}


_CHANGES: Final[Mapping[ChangeCode, Callable[[_Told], str]]] = {
    ChangeCode.TIME: _time,
    ChangeCode.PAID: _paid,
    ChangeCode.HOLDS_END: _holds_end,
    ChangeCode.LIST_AGREES: lambda told: _(
        "If the next list agrees with the ledger, or a person settles the difference."
    ),
    ChangeCode.UNPARKED: lambda told: _("If a person lets the customer be written to again."),
    ChangeCode.PAUSES_LIFTED: lambda told: (
        _("If the pause of the customer's group is lifted; it ends by itself on %(on)s.")
        % {"on": told.day("until_on")}
    ),
    ChangeCode.NOTICE_SETTLED: lambda told: _("If the earlier notice is sent or dropped."),
    ChangeCode.ITEM_MINIMUM: _item_minimum,
    ChangeCode.NOTICE_MINIMUM: _notice_minimum,
    ChangeCode.CREDITS_USED: _credits_used,
    ChangeCode.CAP_RAISED: _cap_raised,
    ChangeCode.SALES_RELEASES: lambda told: (
        _("If the customer's salesperson releases the notice of level %(level)s.")
        % {"level": told.raw("level")}
    ),
}
