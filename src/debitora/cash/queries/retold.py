"""Whether what is missing beside a waiting statement is just what the account has under other days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from debitora.cash.models import BankEntry, Statement
from debitora.cash.queries.entries import lines_told
from debitora.cash.queries.statements import StatementRow, statement_row
from debitora.cash.rules.retelling import MOST_APART, Dated, under_other_days
from debitora.values.money import Money

MOST_LINES: Final = 10_000
"""Of a statement with more lines the file is not read for its page."""
MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Retold:
    """So many lines of a statement, with what they come to, may be known already; statements that told them first."""

    lines: int
    sum: Money
    statements: list[StatementRow]
    pairs: Mapping[int, int]
    """Place of a line -> id of the entry that it may be."""


def retold(*, statement: Statement) -> Retold | None:
    """What of a statement that waits for a gap the account may have under other days.

    None unless that is the whole gap: the statement would fit if these lines were not new. Its account and its file's upload are read
    with it.
    """
    if statement.held_for != "gap" or not 0 < statement.line_count <= MOST_LINES:
        return None
    lines = [
        Dated(place, line.booked_on, line.minor) for place, line in enumerate(lines_told(statement=statement))
    ]
    days = [line.day for line in lines]
    entries = BankEntry.objects.filter(
        account=statement.account_id, booked_on__range=(min(days) - MOST_APART, max(days) + MOST_APART)
    )
    known = [
        Dated(*row) for row in entries.order_by("booked_on", "id").values_list("id", "booked_on", "minor")
    ]
    pairs = under_other_days(lines, known)
    total = sum(line.minor for line, _known in pairs)
    if not pairs or total != -statement.missing_minor:
        return None
    first = BankEntry.objects.filter(id__in=[had.key for _line, had in pairs])
    tellers = Statement.objects.filter(id__in=first.values("statement"))
    named = tellers.select_related("account").order_by("-closed_on", "-id")[:MOST_NAMED]
    return Retold(
        len(pairs),
        Money(total, statement.account.currency),
        [statement_row(one) for one in named],
        {line.key: had.key for line, had in pairs},
    )
