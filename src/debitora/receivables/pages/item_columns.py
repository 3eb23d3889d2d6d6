"""The columns of the list of items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.cells import addresses_of, link, opener, status
from debitora.kit.columns import Column, labelled
from debitora.receivables.forms import words
from debitora.receivables.forms.words import said
from debitora.receivables.queries import ItemRow
from debitora.values.locales import format_amount, format_date, format_money
from debitora.values.money import Money

SHOWN = ("number", "customer", "issued", "due", "overdue", "raised", "open", "level", "reminded", "status")
"""What the list shows without being asked."""
WRITTEN = (
    "number",
    "position",
    "kind",
    "customer_number",
    "customer",
    "currency",
    "raised",
    "open",
    "issued",
    "due",
    "overdue",
    "level",
    "reminded",
    "held",
    "behind",
    "order",
    "group",
)
"""What a file holds without being asked: every fact, the status apart, which they make."""
MONEY = ("raised", "open")


def item_columns(*, currency: str = "") -> dict[str, Column[ItemRow]]:
    """Every column by its name. With the one currency of the list, amounts stand alone."""
    language = get_language() or "en"

    def sum_(money: Money) -> str:
        return format_amount(money, language) if currency else format_money(money, language)

    def day(value: date | None) -> str:
        return format_date(value, language) if value else ""

    kinds = words.ITEM_KINDS
    item, customer = addresses_of("receivables:item"), addresses_of("receivables:customer")
    return {
        "number": Column(
            _("Number"), lambda row: row.number, lambda row: opener(item(row.item), _number(row), beside=True),
            sort="number", marks="data-title",
        ),
        "position": _low(_("Position"), lambda row: row.position),
        "kind": _low(_("Kind"), lambda row: said(kinds, row.kind)),
        "customer_number": _low(_("Customer number"), lambda row: row.customer_number),
        "customer": Column(
            _("Customer"), lambda row: row.customer_name,
            lambda row: link(customer(row.customer), row.customer_name), "clip", "customer", "data-wide",
        ),
        "currency": _low(_("Currency"), lambda row: row.currency),
        "raised": Column(
            _("Amount"), lambda row: row.raised, lambda row: sum_(row.raised), "money lower", "raised"
        ),
        "open": Column(
            _("Open"), lambda row: row.open, lambda row: sum_(row.open), "money strong", "amount", "data-value"
        ),
        "issued": Column(
            _("Issued"), lambda row: row.issued_on, lambda row: day(row.issued_on), "date lower", "issued"
        ),
        "due": Column(
            _("Due"), lambda row: row.due_on, lambda row: day(row.due_on), "date", "due", labelled(_("due"))
        ),
        "overdue": Column(
            _("Days late"), _late, lambda row: row.days_overdue if row.overdue else "", "num", "overdue",
            labelled(_("days late")),
        ),
        "level": Column(
            _("Level"), lambda row: row.level, lambda row: row.level or "", "num", "level", labelled(_("Level"))
        ),
        "reminded": Column(
            _("Reminded"), lambda row: row.last_reminded_on, lambda row: day(row.last_reminded_on),
            "date low", "reminded",
        ),
        "held": Column(_("Held"), lambda row: row.held, lambda row: _("Held") if row.held else "", "low"),
        "behind": Column(
            _("List behind ledger"), lambda row: row.list_behind,
            lambda row: _("List behind") if row.list_behind else "", "low",
        ),
        "order": _low(_("Order"), lambda row: row.order_reference),
        "group": _low(_("Product group"), lambda row: row.product_group),
        "status": Column(
            _("Status"), lambda row: _status(row)[1], lambda row: status(*_status(row)), marks=labelled()
        ),
    }  # fmt: skip


def _low(label: str, said_of: Callable[[ItemRow], str]) -> Column[ItemRow]:
    """A column of plain words, which says on the page what the file says."""
    return Column(label, said_of, said_of, "low")


def _late(row: ItemRow) -> int | None:
    return max(row.days_overdue, 0) if row.open_minor > 0 else None


def _number(row: ItemRow) -> str:
    position = f"/{row.position}" if row.position and row.position != "1" else ""
    return row.number + position


def _status(row: ItemRow) -> tuple[str, str]:
    """What matters most about the item: the shape of its mark, and the word."""
    if row.held:
        return "hold", _("Held")
    if row.list_behind:
        return "warn", _("List behind")
    if row.open_minor < 0:
        return "neutral", said(words.ITEM_KINDS, "payment" if row.kind == "payment" else "credit")
    if row.overdue:
        return "late", _("Overdue")
    return ("open", _("Open")) if row.open_minor else ("done", _("Settled"))
