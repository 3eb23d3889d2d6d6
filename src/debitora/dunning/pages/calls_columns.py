"""The columns of the calls that are due."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.dunning.queries.calls import CallRow
from debitora.dunning.templatetags.call_words import outcome_word
from debitora.kit.cells import addresses_of, link, opener, status
from debitora.kit.columns import Column, labelled
from debitora.values.locales import format_date, format_money
from debitora.values.money import Money

SHOWN: Final = ("number", "customer", "contact", "phone", "open", "due", "level", "outcome")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "number",
    "customer_number",
    "customer",
    "contact",
    "phone",
    "currency",
    "open",
    "items",
    "due",
    "level",
    "run",
    "outcome",
    "times",
)
"""What a file holds without being asked."""
MONEY: Final = ("open",)
_MARKS: Final = {"not_reached": "warn", "wrong_number": "bad"}


def calls_columns() -> dict[str, Column[CallRow]]:
    """Every column by its name."""
    language = get_language() or "en"
    call, customer = addresses_of("dunning:call"), addresses_of("receivables:customer")

    return {
        "number": Column(
            _("Notice"), lambda row: row.number, lambda row: opener(call(row.notice), row.number, beside=True),
            marks="data-label",
        ),
        "customer_number": Column(
            _("Customer number"), lambda row: row.customer_number, lambda row: row.customer_number, "low"
        ),
        "customer": Column(
            _("Customer"), lambda row: row.customer_name,
            lambda row: link(customer(row.customer), row.customer_name), "clip", "customer", "data-title",
        ),
        "contact": Column(
            _("Contact"), lambda row: row.contact_name, lambda row: row.contact_name, "clip low", "", labelled(_("Contact"))
        ),
        "phone": Column(
            _("Phone"), lambda row: row.phone,
            lambda row: row.phone or status("warn", _("no number")), "nowrap", "", labelled(_("Phone")),
        ),
        "currency": Column(_("Currency"), lambda row: row.currency, lambda row: row.currency, "low"),
        "open": Column(
            _("Open"), _open, lambda row: format_money(_open(row), language), "money strong", "sum", "data-value"
        ),
        "items": Column(_("Items"), lambda row: row.items, lambda row: row.items, "num", "", labelled(_("Items"))),
        "due": Column(
            _("Due since"), lambda row: row.due_on, lambda row: format_date(row.due_on, language), "date", "due",
            labelled(_("Due since")),
        ),
        "level": Column(_("Level"), lambda row: row.level, lambda row: row.level, "num", "level", labelled(_("Level"))),
        "run": Column(_("Run"), lambda row: row.on, lambda row: format_date(row.on, language), "date low", "since"),
        "outcome": Column(
            _("Last call"), _last, lambda row: status(_MARKS.get(row.outcome, "open"), _last(row)), "", "tried",
            labelled(_("Last call")),
        ),
        "times": Column(_("Calls so far"), lambda row: row.times, lambda row: row.times, "num low"),
    }  # fmt: skip


def _open(row: CallRow) -> Money:
    return Money(row.open_minor, row.currency)


def _last(row: CallRow) -> str:
    return outcome_word(row.outcome)
