"""The columns of the list of customers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.cells import addresses_of, opener, status
from debitora.kit.columns import Column, labelled
from debitora.receivables.forms import words
from debitora.receivables.forms.words import said
from debitora.receivables.queries import CustomerRow
from debitora.values.locales import format_amount, format_date, format_number
from debitora.values.money import Money

SHOWN = (
    "number",
    "name",
    "kind",
    "salesperson",
    "items",
    "balance",
    "overdue",
    "oldest",
    "level",
    "status",
)
"""What the list shows without being asked."""
WRITTEN = (
    "number",
    "name",
    "kind",
    "salesperson",
    "email",
    "items",
    "balance",
    "overdue",
    "oldest",
    "level",
    "others",
    "holds",
    "parked",
)
"""What a file holds without being asked: every fact, the status apart, which they make."""


def customer_columns(
    *, currency: str, people: Mapping[int, str], named: bool = True
) -> dict[str, Column[CustomerRow]]:
    """Every column by its name, sums in the currency. Without `named` there is no column of salespeople."""
    found = _columns(currency, people)
    return {name: column for name, column in found.items() if named or name != "salesperson"}


def _columns(currency: str, people: Mapping[int, str]) -> dict[str, Column[CustomerRow]]:
    language = get_language() or "en"

    def amount(minor: int) -> str:
        return format_amount(Money(minor, currency), language)

    def salesperson(row: CustomerRow) -> str:
        return people.get(row.salesperson, "") if row.salesperson is not None else ""

    def balance(row: CustomerRow) -> SafeString | str:
        sum_ = amount(row.balance_minor)
        if not row.other_currencies:
            return sum_
        return format_html('{} <span class="muted">+{}</span>', sum_, row.other_currencies)

    def kind(row: CustomerRow) -> str:
        return said(words.CUSTOMER_KINDS, row.kind)

    inside, customer = {"currency": currency}, addresses_of("receivables:customer")
    return {
        "number": Column(
            _("Number"), lambda row: row.number, lambda row: opener(customer(row.customer), row.number),
            sort="number", marks=labelled(),
        ),
        "name": Column(_("Name"), lambda row: row.name, lambda row: row.name, "clip", "name", "data-title"),
        "kind": Column(_("Kind"), kind, kind, "lower"),
        "salesperson": Column(_("Salesperson"), salesperson, salesperson, "low"),
        "email": Column(_("E-mail"), lambda row: row.email, lambda row: row.email, "low clip"),
        "items": Column(
            _("Items"), lambda row: row.open_items, lambda row: format_number(row.open_items, language),
            "num lower",
        ),
        "balance": Column(
            _("Balance %(currency)s") % inside, lambda row: Money(row.balance_minor, currency), balance,
            "money strong", "balance", "data-value",
        ),
        "overdue": Column(
            _("Overdue %(currency)s") % inside, lambda row: Money(row.overdue_minor, currency),
            lambda row: amount(row.overdue_minor) if row.overdue_minor else "",
            "money", "overdue", labelled(_("Overdue")),
        ),
        "oldest": Column(
            _("Oldest due"), lambda row: row.oldest_due_on,
            lambda row: format_date(row.oldest_due_on, language) if row.oldest_due_on else "",
            "date low", "oldest",
        ),
        "level": Column(
            _("Level"), lambda row: row.level, lambda row: row.level or "", "num", "level", labelled(_("Level"))
        ),
        "others": Column(
            _("Further currencies"), lambda row: row.other_currencies, lambda row: row.other_currencies or "",
            "num low",
        ),
        "holds": Column(_("Holds"), lambda row: row.holds, lambda row: row.holds or "", "num low"),
        "parked": Column(
            _("Parked"), lambda row: row.parked, lambda row: _("Parked") if row.parked else "", "low"
        ),
        "status": Column(_("Status"), lambda row: _status(row)[1], _status_mark, marks=labelled()),
    }  # fmt: skip


def _status_mark(row: CustomerRow) -> SafeString | str:
    mark, word = _status(row)
    return status(mark, word) if word else ""


def _status(row: CustomerRow) -> tuple[str, str]:
    """What keeps her from being reminded: the shape of its mark, and the word; both "" if nothing does."""
    if row.parked:
        return "warn", _("Parked")
    if row.holds:
        return "hold", _("Held")
    return ("", "") if row.email else ("neutral", _("No e-mail"))
