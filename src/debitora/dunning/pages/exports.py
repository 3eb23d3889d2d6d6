"""The lists of a run as files: the names of their columns, and a row as a line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from debitora.dunning.queries.lists import DecisionRow, NoticeRow
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.templatetags.dunning import CHANNELS, NOTICE_STATES, reason_word, stop_word
from debitora.dunning.templatetags.gathering_words import proposal_word
from debitora.formats.sheets import Value
from debitora.values.money import Money

Line = Sequence[Value]


def notice_headers() -> list[str]:
    """Names of the columns of notices."""
    return [
        _("Notice"),
        _("Customer number"),
        _("Customer"),
        _("Level"),
        _("Items"),
        _("Sum asked for"),
        _("Fee"),
        _("Interest"),
        _("Lump sum"),
        _("Currency"),
        _("Channel"),
        _("Recipient"),
        _("State"),
        _("Because"),
    ]


def notice_line(row: NoticeRow) -> Line:
    """One notice as a line."""
    return [
        row.number,
        row.customer_number,
        row.customer_name,
        row.level,
        row.items,
        _decimal(row.total_minor, row.currency),
        *(_decimal(minor, row.currency) for minor in (row.fee_minor, row.interest_minor, row.lump_sum_minor)),
        row.currency,
        str(CHANNELS[row.way]),
        row.sent_to or (row.email if row.way in ("mail", "both") else ""),
        str(NOTICE_STATES[row.state]),
        stop_word(row.reason)
        if row.state in ("stopped", "cancelled", "refused", "returned", "render_failed")
        else "",
    ]


def decision_headers() -> list[str]:
    """Names of the columns of decisions."""
    return [
        _("Item"),
        _("Customer number"),
        _("Customer"),
        _("Due day"),
        _("Days overdue"),
        _("Open"),
        _("On hold"),
        _("Currency"),
        _("Level"),
        _("Reason"),
        _("Code"),
        _("After the last step"),
    ]


def decision_line(row: DecisionRow) -> Line:
    """One overdue item that was not dunned, as a line."""
    return [
        f"{row.number}/{row.position}" if row.position else row.number,
        row.customer_number,
        row.customer_name,
        row.due_on,
        row.days_overdue,
        _decimal(row.open_minor, row.currency),
        _decimal(row.held_minor, row.currency),
        row.currency,
        row.level_before,
        reason_word(row.reason),
        Reason(row.reason).code,
        proposal_word(row.proposal),
    ]


def _decimal(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).decimal
