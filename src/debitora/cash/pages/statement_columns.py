"""The columns of the list of statements."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.cash.queries.statements import StatementRow
from debitora.cash.templatetags.cash import held_word, iban, mark, statement_state
from debitora.kit.cells import addresses_of, opener, status
from debitora.kit.columns import Column, labelled
from debitora.values.locales import format_date, format_money, format_number
from debitora.values.money import Money

SHOWN: Final = ("account", "number", "days", "opening", "lines", "closing", "state")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "account_number",
    "account_name",
    "currency",
    "number",
    "begins",
    "ends",
    "opening",
    "lines",
    "new",
    "closing",
    "state",
    "held_for",
    "missing",
)
"""What a file holds without being asked."""
MONEY: Final = ("opening", "closing", "missing")


def statement_columns() -> dict[str, Column[StatementRow]]:
    """Every column by its name."""
    language = get_language() or "en"
    address = addresses_of("cash:statement")

    def sum_(money: Money | None) -> str:
        return "–" if money is None else format_money(money, language)

    def days(row: StatementRow) -> str:
        told = [format_date(day, language) for day in (row.begins, row.ends) if day]
        return " – ".join(dict.fromkeys(told))

    def day(value: date | None) -> str:
        return format_date(value, language) if value else ""

    return {
        "account": Column(_("Bank account"), _account, _account, "clip", "account", labelled()),
        "number": Column(
            _("Number"), lambda row: row.number,
            lambda row: opener(address(row.id), row.number or _("without a number")),
            "strong nowrap", "number", "data-title",
        ),
        "days": Column(_("Days"), days, days, "date", "day", labelled()),
        "opening": Column(
            _("Opening balance"), lambda row: row.opening, lambda row: sum_(row.opening), "money low"
        ),
        "lines": Column(
            _("Lines"), lambda row: row.lines, lambda row: format_number(row.lines, language), "num", "lines",
            labelled(_("Lines")),
        ),
        "closing": Column(
            _("Closing balance"), lambda row: row.closing, lambda row: sum_(row.closing), "money", "closing",
            "data-value",
        ),
        "state": Column(
            _("State"), lambda row: statement_state(row.state), _state, "nowrap", "", 'data-wide data-label=""'
        ),
        "account_number": Column(
            _("Account number"), lambda row: row.account_number, lambda row: iban(row.account_number), "nowrap low"
        ),
        "account_name": Column(
            _("Name of the account"), lambda row: row.account_name, lambda row: row.account_name, "low"
        ),
        "currency": Column(_("Currency"), lambda row: row.currency, lambda row: row.currency, "low"),
        "begins": Column(_("First day"), lambda row: row.begins, lambda row: day(row.begins), "date low"),
        "ends": Column(_("Last day"), lambda row: row.ends, lambda row: day(row.ends), "date low", "day"),
        "new": Column(
            _("New lines"), lambda row: row.new, lambda row: format_number(row.new, language), "num low"
        ),
        "held_for": Column(
            _("Waits for"), lambda row: held_word(row.held_for), lambda row: held_word(row.held_for), "low"
        ),
        "missing": Column(
            _("Missing"), lambda row: row.missing,
            lambda row: sum_(row.missing) if row.missing.minor else "", "money low",
        ),
    }  # fmt: skip


def _account(row: StatementRow) -> str:
    return row.account_name or iban(row.account_number)


def _state(row: StatementRow) -> str:
    """How it stands, and what it waits for."""
    stands = statement_state(row.state)
    shown = status(mark(row.state), stands[:1].upper() + stands[1:])
    if not row.held_for:
        return shown
    return format_html('{} <span class="muted nowrap">{}</span>', shown, held_word(row.held_for))
