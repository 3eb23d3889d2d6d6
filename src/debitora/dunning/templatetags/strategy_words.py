"""Strategies in words: their keys, choices and faults, and how two versions differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.dunning.rules.assignment import Given, Segment, Source
from debitora.dunning.rules.policy import debtor_kind
from debitora.dunning.rules.policy_node import Fault
from debitora.dunning.templatetags.dunning import CHANNELS
from debitora.dunning.templatetags.gathering_words import AFTERS, GROUPINGS
from debitora.values.locales import country_name, format_amount, format_rate
from debitora.values.money import Money

register = template.Library()
Words = Mapping[str, str | Promise]

DEBTORS: Final[Words] = {"business": gettext_lazy("Businesses"), "consumer": gettext_lazy("Consumers")}
LANGUAGES: Final[Words] = {
    "de": gettext_lazy("German"),
    "en": gettext_lazy("English"),
    "fr": gettext_lazy("French"),
    "nl": gettext_lazy("Dutch"),
}
APPROVALS: Final[Words] = {
    "person": gettext_lazy("A person looks at every run and approves it"),
    "two_people": gettext_lazy("A person approves every run, never the one who proposed it"),
    "automatic": gettext_lazy("The daily run approves itself, unless the safety bound stops it"),
}
TEXTS: Final[Words] = {
    "upcoming": gettext_lazy("Before the due day"),
    "reminder": gettext_lazy("Payment reminder"),
    "notice1": gettext_lazy("First notice"),
    "notice2": gettext_lazy("Second notice"),
    "final": gettext_lazy("Final notice"),
}
WRITTEN_TO: Final[Words] = {
    "customer": gettext_lazy("The customer"),
    "payables": gettext_lazy("Accounts payable"),
    "management": gettext_lazy("Management"),
    "signer": gettext_lazy("Who signed the contract"),
}
COUNTINGS: Final[Words] = {
    "letter": gettext_lazy("The letter"),
    "mail": gettext_lazy("The e-mail"),
}
SILENCES: Final[Words] = {
    "release": gettext_lazy("The notice goes"),
    "stop": gettext_lazy("Nothing goes until somebody releases it"),
}
COPIES: Final[Words] = {
    "none": gettext_lazy("Nobody"),
    "salesperson": gettext_lazy("The customer's salesperson, by a mail a day"),
}
INTERESTS: Final[Words] = {
    "none": gettext_lazy("No interest"),
    "statutory": gettext_lazy("As the law gives it"),
    "agreed": gettext_lazy("At an agreed rate"),
}
DAY_COUNTS: Final[Words] = {
    "act/365": gettext_lazy("Always 365 days"),
    "act/act": gettext_lazy("365 days, 366 in a leap year"),
}
KEEPS: Final[Words] = {
    "memo": gettext_lazy("On the notice, beside the account"),
    "account": gettext_lazy("Booked on the customer's account, where they are reminded of like an invoice"),
}
SHIPPED: Final[Words] = {
    "Austria, business customers": gettext_lazy("Austria, business customers"),
    "Austria, consumers": gettext_lazy("Austria, consumers"),
    "Belgium, business customers": gettext_lazy("Belgium, business customers"),
    "Belgium, consumers": gettext_lazy("Belgium, consumers"),
    "Europe, business customers (check before use)": gettext_lazy(
        "Europe, business customers (check before use)"
    ),
    "Europe, consumers (check before use)": gettext_lazy("Europe, consumers (check before use)"),
    "France, business customers": gettext_lazy("France, business customers"),
    "France, consumers": gettext_lazy("France, consumers"),
    "Germany, business customers": gettext_lazy("Germany, business customers"),
    "Germany, consumers": gettext_lazy("Germany, consumers"),
    "Netherlands, business customers": gettext_lazy("Netherlands, business customers"),
    "Netherlands, consumers": gettext_lazy("Netherlands, consumers"),
    "Switzerland, business customers": gettext_lazy("Switzerland, business customers"),
    "Switzerland, consumers": gettext_lazy("Switzerland, consumers"),
}
"""Names of the presets. They are stored as they are shipped and said in the reader's language; a name that a person
gave stays as she wrote it."""
KEYS: Final[Words] = {
    "name": gettext_lazy("Name"),
    "debtor": gettext_lazy("Made for"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "grace_days": gettext_lazy("Grace in days"),
    "contact_cap": gettext_lazy("Contact cap"),
    "touches": gettext_lazy("contacts"),
    "days": gettext_lazy("days"),
    "consider_credits": gettext_lazy("Credits considered"),
    "offset_credits": gettext_lazy("Credits lower the sum"),
    "send_on_working_days": gettext_lazy("Working days only"),
    "grouping": gettext_lazy("Grouping"),
    "approval": gettext_lazy("Approval of runs"),
    "run_bound": gettext_lazy("Safety bound"),
    "factor": gettext_lazy("times the usual"),
    "floor": gettext_lazy("notices at least"),
    "after_last_step": gettext_lazy("After the last step"),
    "upcoming": gettext_lazy("Reminder before the due day"),
    "days_before": gettext_lazy("days before"),
    "text": gettext_lazy("Text"),
    "days_after_due": gettext_lazy("Days after the due day"),
    "month_end": gettext_lazy("End of the month"),
    "quiet_days": gettext_lazy("Quiet days"),
    "approval_above": gettext_lazy("Ask a person above"),
    "min_gap_days": gettext_lazy("Days since the last reminder"),
    "deadline_days": gettext_lazy("Payment deadline in days"),
    "channel": gettext_lazy("Channel"),
    "minimum_item": gettext_lazy("Items from"),
    "minimum_notice": gettext_lazy("Notices from"),
    "fee": gettext_lazy("Fee"),
    "copy_to": gettext_lazy("Told that the notice has left"),
    "to": gettext_lazy("Written to"),
    "counts": gettext_lazy("Of mail and letter counts"),
    "signed_by": gettext_lazy("Person to ask"),
    "signed_phone": gettext_lazy("Her phone number"),
    "call_only_reminds": gettext_lazy("A call only reminds"),
    "ask_sales_days": gettext_lazy("Ask sales first: working days to answer"),
    "sales_silence": gettext_lazy("Silence of sales means"),
    "enclose_copies": gettext_lazy("Copies of the invoices"),
    "claims": gettext_lazy("Claims"),
    "interest": gettext_lazy("Interest"),
    "agreed_bp": gettext_lazy("Agreed rate"),
    "day_count": gettext_lazy("Days of a year"),
    "lump_sum": gettext_lazy("Lump sum of EUR 40"),
    "keep": gettext_lazy("Where claims stand"),
    "due_date_agreed": gettext_lazy("Due day agreed"),
    "invoice_told_default": gettext_lazy("Invoices tell of default"),
    "costs_agreed": gettext_lazy("Costs agreed"),
    "invoice_names_claims": gettext_lazy("Invoices name the claims"),
    "claim_interest": gettext_lazy("Interest"),
    "claim_lump_sum": gettext_lazy("Lump sum of EUR 40"),
}
YES_OR_NO: Final[Words] = {"true": gettext_lazy("yes"), "false": gettext_lazy("no")}
VALUES: Final[Mapping[str, Words]] = {
    "name": SHIPPED,
    "debtor": DEBTORS,
    "language": LANGUAGES,
    "approval": APPROVALS,
    "grouping": GROUPINGS,
    "after_last_step": AFTERS,
    "text": TEXTS,
    "channel": CHANNELS,
    "to": WRITTEN_TO,
    "counts": COUNTINGS,
    "sales_silence": SILENCES,
    "copy_to": COPIES,
    "interest": INTERESTS,
    "day_count": DAY_COUNTS,
    "keep": KEEPS,
}
"""Key of a policy -> the words for its values. Other keys have numbers, amounts, or yes and no."""
_PLACE: Final = re.compile(r"(\w+)(?:\[(\d+)\])?")
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two versions have differently; empty where a version does not have it."""

    place: str
    before: str
    after: str


def fault_words(fault: Fault) -> str:
    """What is wrong with a field, and what to do."""
    return _(fault.code.remedy) % {"expected": amounts_said(fault.expected)}


def amount_words(money: Money) -> str:
    """An amount as the form of a strategy takes it: 5,00 EUR, the currency behind it in every language."""
    return f"{format_amount(money, get_language() or 'en')} {money.currency}"


def percent_words(bp: int) -> str:
    """Basis points as a rate in the reader's language."""
    return f"{number_words(bp)}\u00a0%"


def number_words(bp: int) -> str:
    """Basis points as percentage points in the reader's language."""
    return format_rate(Decimal(bp) / 100, get_language() or "en")


@register.filter
def written_to(role: str) -> str:
    """On which rung of the customer's house somebody reads it."""
    return str(WRITTEN_TO.get(role or "customer", role))


@register.filter
def debtor_word(kind: str) -> str:
    """A kind of customer."""
    return str(DEBTORS.get(kind, kind))


@register.filter
def strategy_name(name: str) -> str:
    """What a strategy is called: its own name, or that of its preset in the reader's language."""
    return str(SHIPPED.get(name, name))


def stored_name(typed: str) -> str:
    """The name to keep for one that was typed: a preset's name in any language of the reader stays the shipped one."""
    return next((name for name, word in SHIPPED.items() if typed == str(word)), typed)


def rule_words(rule: Segment, salespeople: Mapping[int, str]) -> str:
    """Whom a rule is about: its attributes, which a customer must have all of."""
    said = []
    if rule.kind:
        said.append(str(DEBTORS[rule.kind]))
    if rule.country:
        said.append(country_name(rule.country, get_language() or "en"))
    if rule.language:
        said.append(_("language %(language)s") % {"language": LANGUAGES.get(rule.language, rule.language)})
    if rule.salesperson:
        name = salespeople.get(rule.salesperson, str(rule.salesperson))
        said.append(_("salesperson %(name)s") % {"name": name})
    return " · ".join(said)


def given_words(given: Given, kind: str, segments: Sequence[Segment], salespeople: Mapping[int, str]) -> str:
    """Which rule gave a customer of the kind her strategy."""
    if given.source is Source.CUSTOMER:
        return _("Chosen for this customer by a person; it goes before every rule.")
    if given.source is Source.SEGMENT:
        places = {one.id: place for place, one in enumerate(segments, start=1)}
        rule = next(one for one in segments if one.id == given.segment)
        facts = {"place": places[rule.id], "customers": rule_words(rule, salespeople)}
        return _("By rule %(place)s: %(customers)s.") % facts
    facts = {"kind": DEBTORS[debtor_kind(kind).value]}
    if given.source is Source.COMPANY:
        return _("The company's own for: %(kind)s. No rule fits this customer.") % facts
    return _("No rule fits this customer, and the company has no strategy for: %(kind)s.") % facts


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What two policy documents say differently, in the order of the newer one."""
    old, new = dict(_flat(before)), dict(_flat(after))
    paths = [*new, *(path for path in old if path not in new)]
    return [
        Difference(place_words(path), _said(path, old.get(path, "")), _said(path, new.get(path, "")))
        for path in paths
        if old.get(path, "") != new.get(path, "")
    ]


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for place, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{path}[{place}]")
    else:
        yield path, _value(value)


def _value(value: Any) -> str:
    """A value as a policy file writes it; nothing for none."""
    if isinstance(value, list):
        return "; ".join(map(_value, value))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "" if text == "none" else text


def _said(path: str, value: str) -> str:
    key = path.rpartition(".")[2]
    if key == "agreed_bp" and value.isdecimal():
        return percent_words(int(value))
    words = VALUES.get(key, YES_OR_NO)
    return str(words.get(value) or amounts_said(value))


def amounts_said(text: str) -> str:
    """The text with its amounts as the reader writes them."""
    return _AMOUNT.sub(lambda found: amount_words(Money.of(found[1], found[2])), text)


def place_words(path: str) -> str:
    """`steps[2].fee` in words; a value of the claims by its own name."""
    path = path.removeprefix("claims.")
    return " · ".join(_part(part) for part in path.split("."))


def _part(part: str) -> str:
    found = _PLACE.fullmatch(part)
    if found and found[2]:
        return _("Step %(level)s") % {"level": found[2]}
    return str(KEYS.get(part, part))
