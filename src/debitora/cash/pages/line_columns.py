"""The columns of the list of bank lines to explain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.template.defaultfilters import truncatechars
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.cash.queries.proposals import ProposalRow
from debitora.cash.queries.review import ReviewRow
from debitora.cash.queries.wording import explained, in_percent
from debitora.cash.templatetags.cash import iban
from debitora.cash.templatetags.line_words import ignored_word, sureness, sureness_mark
from debitora.kit.cells import addresses_of, opener, status
from debitora.kit.columns import Column, labelled
from debitora.kit.templatetags.debitora import day as day_word
from debitora.values.locales import format_amount, format_money
from debitora.values.money import Money

FIRST: Final = "name"
SHOWN: Final = ("day", "name", "account", "may", "sureness", "open")
"""What the list shows without being asked; the account only where there are several."""
WRITTEN: Final = (
    "day",
    "name",
    "text",
    "payer",
    "account",
    "currency",
    "amount",
    "open",
    "customer",
    "customer_name",
    "items",
    "sureness",
    "explanation",
)
"""What a file holds without being asked."""
MONEY: Final = ("amount", "open")
_TEXT: Final = 140
"""Characters of a text in the list."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list beside the best that it may be."""

    row: ReviewRow
    best: ProposalRow | None


def line_columns(*, currency: str = "") -> dict[str, Column[Line]]:
    """Every column by its name. currency: of all lines that are shown, if it is one; it then stands in the head alone."""
    language = get_language() or "en"
    address = addresses_of("cash:entry")
    open_label = _("Open in %(currency)s") % {"currency": currency} if currency else _("Open")

    def sum_(money: Money) -> str:
        return format_amount(money, language) if currency else format_money(money, language)

    def name(line: Line) -> str:
        link = opener(address(line.row.entry), line.row.name or "–", beside=True)
        text = truncatechars(line.row.text, _TEXT)
        return format_html('{}<span class="line-text muted">{}</span>', link, text)

    def day(line: Line) -> date:
        return line.row.day

    return {
        "day": Column(_("Booked on"), day, lambda line: day_word(line.row.day), "date", "day", labelled()),
        "name": Column(_("Name"), lambda line: line.row.name, name, "line-said", "name", "data-title"),
        "account": Column(
            _("Bank account"), lambda line: line.row.account_number,
            lambda line: line.row.account_name or iban(line.row.account_number), "lower",
        ),
        "may": Column(_("May be"), _may_be, _may_be_and_why, "line-said", "", 'data-wide data-label=""'),
        "sureness": Column(
            _("Confidence"), _of_best(lambda best: in_percent(best.confidence)), _sure, "nowrap", "sureness", labelled()
        ),
        "open": Column(
            open_label, lambda line: line.row.open, lambda line: sum_(line.row.open), "money", "amount", "data-value"
        ),
        "text": Column(_("Text"), lambda line: line.row.text, lambda line: truncatechars(line.row.text, _TEXT), "low"),
        "payer": Column(
            _("Account of the payer"), lambda line: line.row.payer, lambda line: iban(line.row.payer), "nowrap low"
        ),
        "currency": Column(_("Currency"), lambda line: line.row.currency, lambda line: line.row.currency, "low"),
        "amount": Column(_("Amount"), lambda line: line.row.amount, lambda line: sum_(line.row.amount), "money low"),
        "customer": _plain(_("Customer"), lambda best: best.customer.number if best.customer else ""),
        "customer_name": _plain(_("Customer name"), lambda best: best.customer.name if best.customer else ""),
        "items": _plain(_("Items"), lambda best: ", ".join(part.item.number for part in best.parts)),
        "explanation": _plain(_("Explanation"), explained),
    }  # fmt: skip


def _of_best(said: Callable[[ProposalRow], str]) -> Callable[[Line], str]:
    """What is said of the line's proposal; "" for a line without one."""
    return lambda line: said(line.best) if line.best else ""


def _plain(label: str, said: Callable[[ProposalRow], str]) -> Column[Line]:
    return Column(label, _of_best(said), _of_best(said), "low")


def _may_be(line: Line) -> str:
    if line.best is None:
        return ""
    return line.best.customer.name if line.best.customer else ignored_word(line.best.ignored_for)


def _may_be_and_why(line: Line) -> str:
    if line.best is None:
        return format_html('<span class="muted">{}</span>', "–")
    return format_html(
        '<span class="strong">{}</span><span class="line-text line-why muted">{}</span>',
        _may_be(line),
        explained(line.best),
    )


def _sure(line: Line) -> str:
    shown = status(sureness_mark(line.row.confidence), sureness(line.row.confidence if line.best else None))
    if line.best is None:
        return shown
    return format_html('{} <span class="muted">{}</span>', shown, in_percent(line.row.confidence or 0))
