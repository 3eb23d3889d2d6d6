"""Codes of cases in words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from debitora.people.rules import AUDITOR, CLERK, MANAGER, SALES

REASONS: Final = {
    "price": _("Price"),
    "quantity": _("Quantity"),
    "quality": _("Quality"),
    "delivery": _("Goods not delivered"),
    "missing_order": _("Order number missing"),
    "duplicate": _("Invoiced twice"),
    "already_paid": _("Already paid"),
    "special_deal": _("Special deal"),
    "insolvency": _("Insolvency of the customer"),
    "other": _("Something else"),
}
OUTCOMES: Final = {
    "valid": _("The claim is valid: remind again"),
    "credit_expected": _("A credit note comes"),
    "new_due_date": _("New due day agreed"),
    "promised": _("Promised until a day"),
    "already_paid": _("Paid already: look until a day"),
    "write_off_proposed": _("Write-off proposed"),
}
STATES: Final = {"open": _("Waits for an answer"), "answered": _("Answered"), "closed": _("Clarified")}
MARKS: Final = {"open": "open", "answered": "warn", "closed": "done"}
"""The shape beside the word of a state."""
DEPARTMENTS: Final = {
    SALES: _("Sales"),
    CLERK: _("Accounting"),
    MANAGER: _("Credit management"),
    AUDITOR: _("Audit"),
    "none": _("nobody"),
}
"""The department of whom a case is put to, by her role."""
REFUSALS: Final = {
    "day_missing": ("until", _("This outcome needs a last day.")),
    "day_past": ("until", _("This day is past. Today is the earliest.")),
    "day_unasked": ("until", _("This outcome has no last day. Leave it empty.")),
    "amount_unasked": ("amount", _("This outcome is about all of it. Leave the amount empty.")),
    "amount_not_open": ("amount", _("That is more than is open.")),
}
"""Why an outcome is refused -> the field that is wrong, and what to do."""
PLACED: Final = {
    "waits": _("Waits"),
    "undone": _("Waits"),
    "case": _("With a case"),
    "customer": _("With a customer"),
    "discarded": _("Belongs nowhere"),
}
PLACED_MARKS: Final = {
    "waits": "open",
    "undone": "open",
    "case": "done",
    "customer": "done",
    "discarded": "neutral",
}
WHYS: Final = {
    "proven": _("answers our mail"),
    "number": _("by address and number, not proven"),
    "hand": _("by hand"),
    "foreign": _("answers our mail from another address"),
    "ended": _("whoever writes cannot answer that case any more"),
    "many": _("too many mails on one day"),
    "empty": _("without words of its own"),
    "answer": _("a customer answers a notice"),
    "known": _("a customer writes"),
    "unknown": _("from somebody unknown"),
}
"""Why a mail waits, or by what it found its place."""
MAIL_STATES: Final = {
    "claimed": _("on its way"),
    "sent": _("has left"),
    "waiting": _("waits for the mail server"),
    "uncertain": _("nobody knows whether it left"),
    "returned": _("has come back"),
}
"""How the mail to whoever answers stands."""
