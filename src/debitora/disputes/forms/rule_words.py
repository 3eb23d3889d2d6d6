"""Reasons and rules in words: what the company calls a reason, which cases a rule is about, whom it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from debitora.disputes.forms.words import DEPARTMENTS, REASONS
from debitora.disputes.rules.routing import Asked, Reason, Routing, RoutingFault, Rule, Whom
from debitora.values.locales import country_name, format_money
from debitora.values.money import Money

KINDS: Final = {"business": gettext_lazy("business"), "consumer": gettext_lazy("consumer")}
FAULTS: Final = {
    RoutingFault.DAYS: gettext_lazy("Choose 0 to 60 working days."),
    RoutingFault.AMOUNT: gettext_lazy("An amount needs its currency."),
    RoutingFault.REASON: gettext_lazy("A rule names a reason that does not exist any more. Choose again."),
    RoutingFault.NAME: gettext_lazy("A reason needs a name in one language at least."),
    RoutingFault.PERSON: gettext_lazy("A rule names somebody who cannot answer. Choose somebody else."),
    RoutingFault.TEAM: gettext_lazy("A rule names a team that cannot answer. Choose another one."),
    RoutingFault.ESCALATION: gettext_lazy("Say both to whom a case goes on and after how many days."),
    RoutingFault.GROUPS: gettext_lazy(
        "A rule names too many product groups, or one without a name. Choose again."
    ),
    RoutingFault.POSTCODES: gettext_lazy(
        "A rule names a region that its country does not have. Choose the country and its postcodes again."
    ),
    RoutingFault.REST_NARROWS: gettext_lazy("The rule for all other cases has no conditions."),
    RoutingFault.TOO_MANY: gettext_lazy("There are as many as there may be. Take one away first."),
}
"""Why rules or reasons cannot be kept, and what to do."""


def reason_names(routing: Routing) -> dict[str, str]:
    """Reason -> what the company calls it in the language of the page, in the order in which it is offered."""
    return {one.code: reason_name(one, get_language() or "en") for one in routing.reasons}


def reason_name(reason: Reason, language: str) -> str:
    """Its own name in the language, else the shipped word, else its name in another language."""
    own = reason.names.get(language)
    if own is None and reason.code not in REASONS:
        own = next(iter(reason.names.values()), reason.code)
    return own or str(REASONS[reason.code])


def condition_words(rule: Rule, *, reasons: Mapping[str, str], people: Mapping[int, str]) -> str:
    """Which cases the rule is about, in one line."""
    language = get_language() or "en"
    told = [" / ".join(reasons.get(code, code) for code in rule.reasons)]
    if rule.currency:
        amount = format_money(Money(rule.above_minor, rule.currency), language)
        told.append(_("more than %(amount)s") % {"amount": amount})
    if rule.country:
        told.append(_("customer in %(country)s") % {"country": country_name(rule.country, language)})
    if rule.postcodes:
        told.append(_("postcodes %(parts)s") % {"parts": postcode_words(rule.postcodes)})
    if rule.kind:
        told.append(str(KINDS[rule.kind]))
    if rule.salesperson is not None:
        name = people.get(rule.salesperson, _("somebody who has left"))
        told.append(_("customers of %(name)s") % {"name": name})
    if rule.product_groups:
        told.append(_("product group %(groups)s") % {"groups": " / ".join(rule.product_groups)})
    return ", ".join(one for one in told if one) or _("every case")


def postcode_words(parts: Sequence[str]) -> str:
    """Parts of postcodes as people read them: each beginning, and a range with a dash."""
    return " / ".join(part.replace("-", "\N{EN DASH}") for part in parts)


def asked_words(asked: Asked | None, *, people: Mapping[int, str]) -> str:
    """Whom a rule asks."""
    if asked is None:
        return _("nobody")
    if asked.whom is Whom.PERSON:
        return people.get(asked.person or 0, _("somebody who has left"))
    if asked.whom is Whom.TEAM:
        return _("%(team)s, whoever has the fewest cases") % {"team": DEPARTMENTS[asked.team]}
    return _("the customer's salesperson") if asked.whom is Whom.SALESPERSON else _("who opens the case")


def days_words(days: int) -> str:
    """Working days to answer; none: the same day."""
    if not days:
        return _("the same day")
    return ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}


def escalation_words(rule: Rule, *, people: Mapping[int, str]) -> str:
    """To whom a case goes on that nobody answers, the day after the last one at the earliest; "" for nobody."""
    if rule.escalates_after is None:
        return ""
    facts = {
        "name": asked_words(rule.escalates_to, people=people),
        "days": days_words(max(rule.escalates_after, 1)),
    }
    return _("%(days)s after the last day: %(name)s") % facts
