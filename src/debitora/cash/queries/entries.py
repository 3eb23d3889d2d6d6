"""The lines of statements: those that one tells, and those of a held one that may be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from debitora.cash.models import BankEntry, Doubt, Statement, Telling
from debitora.cash.rules.places import place_of, placed
from debitora.cash.rules.telling import moving
from debitora.documents.queries import read_bytes
from debitora.formats.bank.recognising import read_bank_file
from debitora.formats.bank.statements import Line
from debitora.values.money import AmountTooLarge, Money, to_minor
from debitora.values.typed import typed_amount

MOST_FOUND: Final = 1_000
"""Of so many lines that a search finds, a person narrows it."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of a statement. is_new: this statement told it first. open: what nobody has explained yet, signed as the amount."""

    id: int
    day: date
    name: str
    text: str
    account: str
    amount: Money
    is_new: bool
    reversal: bool
    return_reason: str
    open: Money

    @property
    def explained(self) -> str:
        """all, part, or "": how much of it is explained."""
        return "all" if not self.open.minor else "part" if self.open != self.amount else ""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some lines, and where the next page begins."""

    rows: list[EntryRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class EntrySums:
    """What the lines of an applied statement come to."""

    lines: int
    new: int
    came_in: Money
    went_out: Money


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A line of a held statement beside the known movement that it resembles in day and amount."""

    id: int
    line: EntryRow
    known: EntryRow
    answer: str
    answered_by: str


def entries_page(*, statement: Statement, text: str = "", after: str | None = None, size: int) -> EntryPage:
    """The lines that a statement tells, by day and in the order in which they were entered."""
    found = _told_saying(statement, text) if text else _told_by(statement)
    if place := placed(after):
        found = found.filter(booked_on__gte=place[0]).filter(Q(booked_on__gt=place[0]) | Q(id__gt=place[1]))
    some = list(found.select_related("words", "state").order_by("booked_on", "id")[: size + 1])
    shown = some[:size]
    more = place_of(shown[-1].booked_on, shown[-1].id) if len(some) > size else None
    return EntryPage([_entry(one, statement) for one in shown], more)


def _told_by(statement: Statement) -> QuerySet[BankEntry]:
    """The account's movements of its days, walked in their order: the statement tells most of them."""
    told = Telling.objects.filter(statement=statement, entry=OuterRef("id"))
    days = (statement.first_on, statement.last_on)
    return BankEntry.objects.filter(Exists(told), account=statement.account_id, booked_on__range=days)


def _told_saying(statement: Statement, text: str) -> QuerySet[BankEntry]:
    """Those of its lines that hold the text, gathered before they are put in order."""
    told = Telling.objects.filter(_says(text, statement.account.currency), statement=statement)
    return BankEntry.objects.filter(id__in=list(told.values_list("entry_id", flat=True)[:MOST_FOUND]))


def _says(text: str, currency: str) -> Q:
    """Lines whose name, text, account or reference hold the text, or whose amount it is, whatever its sign."""
    names = ("name", "text", "account", "reference", "end_to_end")
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"entry__words__{name}__icontains": text})
    minor = _minor(text, currency)
    return wanted if minor is None else wanted | Q(entry__minor__in=(minor, -minor))


def _minor(text: str, currency: str) -> int | None:
    amount = typed_amount(text)
    try:
        return None if amount is None else to_minor(amount, currency)
    except AmountTooLarge:
        return None


def _entry(entry: BankEntry, statement: Statement) -> EntryRow:
    words = getattr(entry, "words", None)
    return EntryRow(
        id=entry.id,
        day=entry.booked_on,
        name=words.name if words else "",
        text=words.text or words.reference if words else "",
        account=words.account if words else "",
        amount=Money(entry.minor, statement.account.currency),
        is_new=entry.statement_id == statement.id,
        reversal=entry.reversal,
        return_reason=entry.return_reason,
        open=Money(entry.state.open_minor, statement.account.currency),
    )


def entry_sums(*, statement: Statement) -> EntrySums:
    """What the lines of an applied statement come to, in and out."""
    minor = "entry__minor"
    found = Telling.objects.filter(statement=statement).aggregate(
        lines=Count("id"),
        came_in=Coalesce(Sum(minor, filter=Q(entry__minor__gt=0)), 0),
        went_out=Coalesce(Sum(minor, filter=Q(entry__minor__lt=0)), 0),
    )
    currency = statement.account.currency
    return EntrySums(
        lines=found["lines"],
        new=statement.new_count,
        came_in=Money(int(found["came_in"]), currency),
        went_out=Money(int(found["went_out"]), currency),
    )


def doubt_by_id(*, doubt: int) -> Doubt | None:
    """The doubt with its statement; None if it is not there."""
    return Doubt.objects.select_related("statement").filter(id=doubt).first()


def doubts_of(*, statement: Statement, most: int) -> list[DoubtRow]:
    """The doubts of a held statement, those without an answer first. Its lines are read from its file again."""
    found = Doubt.objects.filter(statement=statement).select_related("entry__words", "entry__state")
    some = list(found.order_by(F("answered_at").asc(nulls_first=True), "line")[:most])
    some.sort(key=lambda one: (bool(one.answer), one.line))
    lines = lines_told(statement=statement) if some else ()
    return [
        DoubtRow(
            id=one.id,
            line=_told(lines[one.line], statement),
            known=_entry(one.entry, statement),
            answer=one.answer,
            answered_by=one.answered_by_label,
        )
        for one in some
    ]


def open_doubts(*, statement: Statement) -> int:
    """How many of its lines wait for an answer."""
    return Doubt.objects.filter(statement=statement, answer="").count()


def lines_told(*, statement: Statement) -> Sequence[Line]:
    """The lines of a statement as its file tells them: of one that waits there are no others. Its file's upload is read with it."""
    upload = statement.file.upload
    told = moving(read_bank_file(read_bytes(upload.blob), name=upload.name))
    return told.statements[statement.place].lines


def _told(line: Line, statement: Statement) -> EntryRow:
    return EntryRow(
        id=0,
        day=line.booked_on,
        name=line.name,
        text=line.text or line.reference,
        account=line.account,
        amount=Money(line.minor, statement.account.currency),
        is_new=True,
        reversal=line.reversal,
        return_reason=line.return_reason,
        open=Money(line.minor, statement.account.currency),
    )
