"""Forms of the rules that say whom a case is put to, and of the reasons for which cases are opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.disputes.forms.rule_words import KINDS
from debitora.disputes.forms.words import DEPARTMENTS
from debitora.disputes.rules.regions import LENGTHS, MOST_PARTS, NotAPartOfPostcodes, parts_of
from debitora.disputes.rules.routing import (
    LONGEST_GROUP,
    MOST_DAYS,
    MOST_GROUPS,
    TEAMS,
    Asked,
    Reason,
    Rule,
    Whom,
    group_key,
)
from debitora.kit.fields import choice, field
from debitora.kit.typed import AmountField
from debitora.values.locales import country_names
from debitora.values.money import MAX_MINOR, Money, is_currency

SHOWN_GROUPS: Final = 12
"""So many of the product groups that there are stand below their field."""
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
    postcodes = forms.CharField(
        label=gettext_lazy("Region: postcodes of the customer"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("First digits, or from – to: 80-87, 01. Empty: the whole country."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of customer"), choices=[_ANY, *KINDS.items()], required=False
    )
    salesperson = forms.TypedChoiceField(
        label=gettext_lazy("Salesperson of the customer"), coerce=int, empty_value=None, required=False
    )
    product_groups = forms.CharField(
        label=gettext_lazy("Product groups of the invoices"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MOST_GROUPS * (LONGEST_GROUP + 2),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        reasons: Mapping[str, str],
        sellers: Mapping[int, str],
        groups: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_groups"].help_text = _groups_help(groups)
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

    def clean_product_groups(self) -> tuple[str, ...]:
        """One on each line, each once."""
        typed = (one.strip() for one in str(self.cleaned_data["product_groups"]).splitlines())
        groups = tuple({group_key(one): one for one in typed if one}.values())
        if len(groups) > MOST_GROUPS:
            raise ValidationError(_("Name %(most)s product groups at most.") % {"most": MOST_GROUPS})
        if long := next((one for one in groups if len(one) > LONGEST_GROUP), None):
            raise ValidationError(
                _("No product group is as long as “%(group)s”.") % {"group": f"{long[:30]}…"}
            )
        return groups

    def clean_postcodes(self) -> tuple[str, ...]:
        """Parts of the chosen country's postcodes, which is cleaned before."""
        typed, country = str(self.cleaned_data["postcodes"]), str(self.cleaned_data.get("country", ""))
        if not typed.strip():
            return ()
        if not country:
            raise ValidationError(_("Choose the country whose postcodes these are."))
        if country not in LENGTHS:
            raise ValidationError(_("Postcodes of this country do not begin with digits. Leave this empty."))
        try:
            parts = parts_of(typed, country)
        except NotAPartOfPostcodes as wrong:
            facts = {"part": str(wrong)[:30], "digits": LENGTHS[country]}
            text = _(
                "“%(part)s” is no beginning of postcodes. Write up to %(digits)s digits, or from – to with as many digits on either side: 80-87."
            )
            raise ValidationError(text % facts) from None
        if len(parts) > MOST_PARTS:
            raise ValidationError(_("Name %(most)s parts at most.") % {"most": MOST_PARTS})
        return parts

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
            product_groups=known["product_groups"],
            postcodes=known["postcodes"],
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
        "product_groups": "\n".join(rule.product_groups),
        "postcodes": ", ".join(rule.postcodes),
        "asked": asked_code(rule.asked),
        "days": rule.days,
        "escalates_to": asked_code(rule.escalates_to),
        "escalates_after": rule.escalates_after,
    }


def _groups_help(groups: Sequence[str]) -> str:
    """How to name groups, and which there are."""
    how = _("One on each line, as your lists name them. Empty: whatever the goods.")
    if not groups:
        return how
    some = ", ".join(groups[:SHOWN_GROUPS]) + (" …" if len(groups) > SHOWN_GROUPS else "")
    return f"{how} " + _("Open items have: %(groups)s") % {"groups": some}


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
