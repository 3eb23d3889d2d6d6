"""The codes of bank statements in words: how they stand, why they wait, in which format they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from debitora.documents.queries import fault_advice, fault_text
from debitora.messaging.rules.sheet import grouped_iban

Words = Mapping[str, str | Promise]

register = template.Library()
register.filter("fault_text", fault_text)
register.filter("fault_advice", fault_advice)

STATES: Final[Words] = {
    "held": _("waits"),
    "applied": pgettext_lazy("statement", "applied"),
    "known": _("known already"),
}
MARKS: Final = {"held": "hold", "applied": "good", "known": "done", "taken": "good", "refused": "bad"}
HELD: Final[Words] = {
    "account": _("account to confirm"),
    "faults": _("file contradicts itself"),
    "difference": _("lines and balances differ"),
    "gap": _("money missing before it"),
    "doubt": _("lines to compare"),
}
FORMATS: Final[Words] = {
    "mt940": "MT940",
    "mt942": "MT942",
    "coda": "CODA",
    "cfonb120": "CFONB 120",
    "norma43": "Norma 43",
    "ofx": "OFX",
    "table": _("Table"),
}
"""Formats whose name is not their code."""


@register.filter
def statement_state(state: str) -> str:
    """How a statement stands."""
    return str(STATES[state])


@register.filter
def mark(state: str) -> str:
    """The shape of a state."""
    return MARKS[state]


@register.filter
def held_word(reason: str) -> str:
    """Why a statement waits, in two or three words; "" where it does not."""
    return str(HELD.get(reason, ""))


@register.filter
def format_word(code: str) -> str:
    """The name of a format of bank files."""
    return str(FORMATS.get(code, code))


@register.filter
def iban(account: str) -> str:
    """An IBAN in groups of four that no browser breaks; another number of an account as the bank writes it."""
    return grouped_iban(account) if account[:2].isalpha() and account[2:4].isdigit() else account
