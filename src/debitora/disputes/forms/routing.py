"""Forms of the rules that say whom a case is put to, and of the reasons for which cases are opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.disputes.forms.rule_words import KINDS
from debitora.disputes.forms.words import DEPARTMENTS
from debitora.disputes.rules.routing import MOST_DAYS, TEAMS, Asked, Reason, Rule, Whom
from debitora.kit.fields import choice, field
from debitora.kit.typed import AmountField
from debitora.values.locales import country_names
from debitora.values.money import MAX_MINOR, Money, is_currency

_ANY: Final = ("", gettext_lazy("whichever"))
_NOWHERE: Final = ("", gettext_lazy("nobody: it stays where it is"))


def asked_code(asked: Asked | None) -> str:
    """Whom a rule asks, as a choice is sent."""
    if asked is None:
        return ""
    return ":".join(str(part) for part in (asked.whom.value, asked.person or asked.team) if part)


def asked_of_code(code: str) -> Asked | None:
    """What such a choice stands for."""
    whom, _colon, rest = code.partition(":")
    if not whom:
        return None
    known = Whom(whom)
    return Asked(known, int(rest) if known is Whom.PERSON else None, rest if known is Whom.TEAM else "")


class _Asking(forms.Form):
    """Whom to ask, for how many working days, and who is asked when no answer comes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    asked = forms.ChoiceField(label=gettext_lazy("Who answers"))
    days = forms.IntegerField(label=gettext_lazy("Working days to answer"), min_value=0, max_value=MOST_DAYS)
    escalates_to = forms.ChoiceField(label=gettext_lazy("Without an answer it goes on to"), required=False)
    escalates_after = forms.IntegerField(
        label=gettext_lazy("after so many working days"), min_value=0, max_value=MOST_DAYS, required=False
    )

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = _("%(team)s, whoever has the fewest cases")
        teams = [(f"team:{one}", team % {"team": DEPARTMENTS[one]}) for one in TEAMS]
        persons = [(f"person:{user}", name) for user, name in people.items()]
        choice(self, "asked").choices = [
            ("salesperson", _("the customer's salesperson")),
            ("opener", _("who opens the case")),
            *teams,
            *persons,
        ]
        choice(self, "escalates_to").choices = [_NOWHERE, *teams, *persons]

    def clean(self) -> dict[str, Any]:
        """Both of an escalation, or nothing of it."""
        known = super().clean() or self.cleaned_data
        if bool(known.get("escalates_to")) != (known.get("escalates_after") is not None):
            self.add_error("escalates_after", _("Say both to whom a case goes on and after how many days."))
        return known

    def changed(self, rule: Rule) -> Rule:
        """The rule with what was typed here."""
        known = self.cleaned_data
        asked = asked_of_code(known["asked"]) or rule.asked
        return replace(
            rule,
            asked=asked,
            days=known["days"],
            escalates_to=asked_of_code(known["escalates_to"]),
            escalates_after=known["escalates_after"],
        )


class RestForm(_Asking):
    """The rule for all cases that no other rule is about."""


class RuleForm(_Asking):
    """Which cases, by what is known of them, and whom they are put to."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None chosen: whatever the reason."),
    )
    above = AmountField(
        label=gettext_lazy("Only if more than this is disputed"),
        required=False,
        help_text=gettext_lazy("Empty: whatever the amount."),
    )
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country of the customer"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of customer"), choices=[_ANY, *KINDS.items()], required=False
    )
    salesperson = forms.TypedChoiceField(
        label=gettext_lazy("Salesperson of the customer"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self, *args: Any, reasons: Mapping[str, str], sellers: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "reasons").choices = list(reasons.items())
        choice(self, "country").choices = [_ANY, *country_names(get_language() or "en")]
        choice(self, "salesperson").choices = [_ANY, *sellers.items()]
        typed = str(self.data.get("currency", "")).strip().upper()
        shown = typed or str(self.initial.get("currency", ""))
        field(self, "above", AmountField).most = Money(MAX_MINOR - 1, shown if is_currency(shown) else "EUR")

    def clean_currency(self) -> str:
        """An ISO code, or nothing."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not is_currency(code):
            raise ValidationError(_("This is not a currency. Write it like EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        """An amount has its currency."""
        known = super().clean()
        if known.get("above") and not known.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("An amount needs its currency."))
        return known

    def rule(self) -> Rule:
        """The rule as it was typed."""
        known = self.cleaned_data
        above: Money | None = known["above"]
        plain = Rule(
            asked=Asked(Whom.OPENER),
            days=0,
            reasons=tuple(known["reasons"]),
            currency=known["currency"] if above else "",
            above_minor=above.minor if above else 0,
            country=known["country"],
            kind=known["kind"],
            salesperson=known["salesperson"],
        )
        return self.changed(plain)


def typed_in(rule: Rule, *, shown: str, version: int) -> dict[str, Any]:
    """The rule as its form shows it; `shown`: its amount as people write it."""
    return {
        "version": version,
        "reasons": list(rule.reasons),
        "above": shown,
        "currency": rule.currency,
        "country": rule.country,
        "kind": rule.kind,
        "salesperson": rule.salesperson,
        "asked": asked_code(rule.asked),
        "days": rule.days,
        "escalates_to": asked_code(rule.escalates_to),
        "escalates_after": rule.escalates_after,
    }


class ReasonForm(forms.Form):
    """What a reason is called, language by language, and whether new cases offer it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    retired = forms.BooleanField(
        label=gettext_lazy("Retired: new cases do not offer it, old ones keep it"), required=False
    )

    def __init__(self, *args: Any, shipped: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shipped = shipped
        for code, name in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(label=name, max_length=60, required=False)
        self.order_fields([*(f"name_{code}" for code, _name in settings.LANGUAGES), "retired"])

    def clean(self) -> dict[str, Any]:
        """One of our own has a name."""
        known = super().clean() or self.cleaned_data
        if not self.shipped and not self.names():
            self.add_error(None, _("A reason needs a name in one language at least."))
        return known

    def names(self) -> dict[str, str]:
        """The names that were typed."""
        typed = ((code, self.cleaned_data.get(f"name_{code}", "")) for code, _name in settings.LANGUAGES)
        return {code: name for code, name in typed if name}

    def reason(self, code: str) -> Reason:
        """The reason as it was typed."""
        return Reason(code, self.names(), bool(self.cleaned_data["retired"]))
