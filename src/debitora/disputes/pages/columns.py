"""The columns of the board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.disputes.forms.words import MARKS, OUTCOMES, STATES
from debitora.disputes.queries.cases import CaseRow
from debitora.kit.cells import addresses_of, link, opener, status
from debitora.kit.columns import Column, labelled
from debitora.values.locales import format_date, format_money

SHOWN: Final = ("number", "customer", "reason", "amount", "owner", "due", "state")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "number",
    "customer_number",
    "customer",
    "items",
    "group",
    "reason",
    "currency",
    "amount",
    "owner",
    "opened",
    "opened_by",
    "due",
    "state",
    "outcome",
    "until",
)
"""What a file holds without being asked."""
MONEY: Final = ("amount",)


def case_columns(
    *, on: date, names: Mapping[str, str], reasons: Mapping[str, str], stands_in: Mapping[int, str]
) -> dict[str, Column[CaseRow]]:
    """Every column by its name, judged on the day. names: of people, by login; reasons: by code; stands_in: who
    answers for whom, by name and user id."""
    language = get_language() or "en"
    case, customer = addresses_of("disputes:case"), addresses_of("receivables:customer")

    def day(value: date | None) -> str:
        return format_date(value, language) if value else ""

    def reason(row: CaseRow) -> str:
        return reasons.get(row.reason, row.reason)

    return {
        "number": Column(
            _("Case"), lambda row: row.id, lambda row: opener(case(row.id), str(row.id), beside=True), sort="number",
            marks="data-title",
        ),
        "customer_number": Column(
            _("Customer number"), lambda row: row.customer_number, lambda row: row.customer_number, "low"
        ),
        "customer": Column(
            _("Customer"), lambda row: row.customer_name,
            lambda row: link(customer(row.customer), row.customer_name), "clip", "customer", "data-wide",
        ),
        "items": Column(_("Items"), lambda row: row.numbers, lambda row: row.numbers, "clip low", marks=labelled(_("Items"))),
        "group": Column(
            _("Product group"), lambda row: row.product_groups, lambda row: row.product_groups, "clip low",
            marks=labelled(_("Product group")),
        ),
        "reason": Column(_("Reason"), reason, reason, marks=labelled(_("Reason"))),
        "currency": Column(_("Currency"), lambda row: row.currency, lambda row: row.currency, "low"),
        "amount": Column(
            _("Disputed"), lambda row: row.amount, lambda row: format_money(row.amount, language), "money strong",
            "amount", "data-value",
        ),
        "owner": Column(
            _("Who answers"), partial(_owner, stands_in), lambda row: _owner(stands_in, row) or _("nobody"), "", "owner",
            labelled(_("Who answers")),
        ),
        "opened": Column(_("Opened"), lambda row: row.opened_on, lambda row: day(row.opened_on), "date low", "number"),
        "opened_by": Column(
            _("Opened by"), lambda row: names.get(row.opened_by, row.opened_by),
            lambda row: names.get(row.opened_by, row.opened_by), "low",
        ),
        "due": Column(
            _("Answer until"), lambda row: row.due_on, lambda row: day(row.due_on), "date", "due",
            labelled(_("Answer until")),
        ),
        "state": Column(
            _("State"), lambda row: str(STATES[row.state]), lambda row: _state(row, on), marks=labelled(),
        ),
        "outcome": Column(_("Outcome"), _outcome, _outcome, "low", marks=labelled(_("Outcome"))),
        "until": Column(_("Held until"), lambda row: row.until_on, lambda row: day(row.until_on), "date low"),
        "moved": Column(
            _("Last step"), lambda row: row.last_step_at.date(), lambda row: day(row.last_step_at.date()), "date low", "moved"
        ),
    }  # fmt: skip


def picking(row: CaseRow) -> str:
    """The cell with the box that picks a case that waits for an answer, and what the bar of picked ones adds up."""
    if row.state != "open":
        return '<td class="pick"></td>'
    return (
        f'<td class="pick"><input type="checkbox" name="chosen" value="{row.id}" form="bulk"'
        f' data-minor="{row.amount_minor}" data-currency="{row.currency}" aria-label="{row.id}"></td>'
    )


def _owner(stands_in: Mapping[int, str], row: CaseRow) -> str:
    other = stands_in.get(row.assignee_id or 0)
    facts = {"name": row.assignee, "other": other}
    return _("%(name)s (%(other)s stands in)") % facts if other else row.assignee


def _outcome(row: CaseRow) -> str:
    return str(OUTCOMES.get(row.outcome, ""))


def _state(row: CaseRow, on: date) -> object:
    if row.overdue(on=on):
        return status("late", _("Overdue"))
    return status(MARKS[row.state], str(STATES[row.state]))
