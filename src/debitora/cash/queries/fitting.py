"""What an account has on some days, and how a statement compares with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from debitora.cash.models import BankAccount, Statement, Telling
from debitora.cash.rules.chain import Span
from debitora.cash.rules.overlap import Movement
from debitora.cash.rules.telling import movement_of
from debitora.cash.rules.twins import Outline
from debitora.formats.bank.statements import Reach
from debitora.kit.pg.bulk import rows

_SQL = Path(__file__).parent.parent / "sql"


@cache
def statement_sql(name: str) -> str:
    """A named statement of this room."""
    return (_SQL / f"{name}.sql").read_text()


def known_movements(*, company: int, account: int, days: Sequence[date]) -> list[Movement]:
    """What the account has from the first of the days to the last."""
    if not days:
        return []
    found = rows(statement_sql("known"), company=company, account=account, first=min(days), last=max(days))
    return [_movement(row) for row in found]


def _movement(row: dict[str, Any]) -> Movement:
    return movement_of(
        row["id"],
        day=row["booked_on"],
        minor=row["minor"],
        exact=row["fingerprint"],
        account=row["account"] or "",
        end_to_end=row["end_to_end"] or "",
        reference=row["reference"] or "",
        bank_reference=row["bank_reference"] or "",
        reading=row["format"],
        texts=(row["name"] or "", row["text"] or ""),
        proven=row["proven"],
    )


def span_of(account: BankAccount) -> Span | None:
    """The stretch that the account's statements cover; None before the first."""
    return _span(account.opened_on, account.opening_minor, account.closed_on, account.closing_minor)


def stretch_of(statement: Statement) -> Span | None:
    """The stretch that a final statement covers; None where a balance is missing, or the statement only announces."""
    if statement.reach in (Reach.INTERIM, Reach.ADVICE):
        return None
    begins, ends = statement.opened_on or statement.first_on, statement.closed_on or statement.last_on
    return _span(begins, statement.opening_minor, ends, statement.closing_minor)


def _span(
    opened_on: date | None, opening_minor: int | None, closed_on: date | None, closing_minor: int | None
) -> Span | None:
    if opened_on is None or opening_minor is None or closed_on is None or closing_minor is None:
        return None
    return Span(opened_on, opening_minor, closed_on, closing_minor)


def held_statements(*, account: int) -> list[Statement]:
    """Those of the account that wait, in the order of their days."""
    held = Statement.objects.filter(account=account, state="held").select_related("file__upload__blob")
    return list(held.order_by("closed_on", "last_on", "file_id", "place"))


def twins_of(statement: Statement) -> list[Statement]:
    """Applied statements with the same balances on the same day."""
    if statement.closing_minor is None:
        return []
    alike = Statement.objects.filter(
        account=statement.account_id,
        state="applied",
        opening_minor=statement.opening_minor,
        closing_minor=statement.closing_minor,
        closed_on=statement.closed_on,
    )
    return list(alike.exclude(id=statement.id).select_related("file"))


def told_apart(statement: Statement) -> frozenset[int]:
    """Entries told by others of the same days and format that the bank numbers otherwise; none where one of them has its number."""
    alike = Statement.objects.filter(
        account=statement.account_id,
        state="applied",
        file__format=statement.file.format,
        opened_on=statement.opened_on,
        closed_on=statement.closed_on,
    )
    if not statement.number or alike.filter(number=statement.number).exists():
        return frozenset()
    tellings = Telling.objects.filter(statement__in=alike.exclude(number=""))
    return frozenset(tellings.values_list("entry_id", flat=True))


def amounts_of(statement: Statement) -> Counter[int]:
    """How often each amount, in minor units, stands among the lines that an applied statement tells."""
    return Counter(Telling.objects.filter(statement=statement).values_list("entry__minor", flat=True))


def outline_of(statement: Statement, amounts: Mapping[int, int]) -> Outline:
    """The statement, whose file is read with it, as it is held against others of the same balances."""
    return Outline(
        format=statement.file.format,
        number=statement.number,
        opened_on=statement.opened_on,
        opening_minor=statement.opening_minor,
        moved_minor=statement.moved_minor,
        amounts=amounts,
    )


def statements_of(*, file: int) -> list[Statement]:
    """The statements of a file, in its order, with their accounts."""
    return list(Statement.objects.filter(file=file).select_related("account").order_by("place"))
