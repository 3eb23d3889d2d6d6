"""The columns of the list of write-offs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.cells import addresses_of, link, opener, status
from debitora.kit.columns import Column, labelled
from debitora.receivables.forms.write_offs import GROUNDS, MARKS, WRITE_OFF_STATES
from debitora.receivables.queries.write_offs import WriteOffRow
from debitora.receivables.rules.write_offs import Ground
from debitora.values.locales import format_date, format_money

SHOWN: Final = ("number", "customer", "amount", "ground", "by", "on", "state")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "number",
    "customer_number",
    "customer",
    "currency",
    "amount",
    "ground",
    "text",
    "by",
    "on",
    "state",
    "decided_by",
    "decided_on",
    "decided_text",
)
"""What a file holds without being asked."""
MONEY: Final = ("amount",)


def write_off_columns(*, names: Mapping[str, str]) -> dict[str, Column[WriteOffRow]]:
    """Every column by its name. names: of people, by login."""
    language = get_language() or "en"
    there, customer = addresses_of("receivables:write_off"), addresses_of("receivables:customer")

    def ground(row: WriteOffRow) -> str:
        return str(GROUNDS[Ground(row.ground)])

    def state(row: WriteOffRow) -> str:
        return str(WRITE_OFF_STATES[row.state])

    def decided(row: WriteOffRow) -> str:
        return format_date(row.step_at.date(), language) if row.step_at else ""

    return {
        "number": Column(
            _("Item"), lambda row: row.number, lambda row: opener(there(row.write_off), row.number, beside=True),
            marks="data-title",
        ),
        "customer_number": Column(
            _("Customer number"), lambda row: row.customer_number, lambda row: row.customer_number, "low"
        ),
        "customer": Column(
            _("Customer"), lambda row: row.customer_name,
            lambda row: link(customer(row.customer), row.customer_name), "clip", "customer", "data-wide",
        ),
        "currency": Column(_("Currency"), lambda row: row.currency, lambda row: row.currency, "low"),
        "amount": Column(
            _("Given up"), lambda row: row.amount, lambda row: format_money(row.amount, language), "money strong",
            "amount", "data-value",
        ),
        "ground": Column(_("Why"), ground, ground, marks=labelled(_("Why"))),
        "text": Column(_("Reason"), lambda row: row.text, lambda row: row.text, "clip low"),
        "by": Column(
            _("Proposed by"), lambda row: names.get(row.proposed_by, row.proposed_by),
            lambda row: names.get(row.proposed_by, row.proposed_by), marks=labelled(_("Proposed by")),
        ),
        "on": Column(
            _("Proposed"), lambda row: row.proposed_at.date(), lambda row: format_date(row.proposed_at.date(), language),
            "date", "newest", labelled(_("Proposed")),
        ),
        "state": Column(
            _("State"), state, lambda row: status(MARKS[row.state], state(row)), sort="state", marks=labelled(),
        ),
        "decided_by": Column(
            _("Decided by"), lambda row: names.get(row.step_by, row.step_by),
            lambda row: names.get(row.step_by, row.step_by), "low",
        ),
        "decided_on": Column(
            _("Decided"), lambda row: row.step_at.date() if row.step_at else None, decided, "date low"
        ),
        "decided_text": Column(_("Reason of the decision"), lambda row: row.step_text, lambda row: row.step_text, "low"),
    }  # fmt: skip
