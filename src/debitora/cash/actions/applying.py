"""A statement is applied as a whole, or held as a whole for one reason; what is held is looked at again after each that is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction
from django.db.models import CharField

from debitora.cash.actions.deferring import match_later
from debitora.cash.actions.locks import lock_accounts
from debitora.cash.models import BankAccount, BankEntry, Doubt, EntryWords, Gap, Statement
from debitora.cash.queries import (
    amounts_of,
    held_statements,
    known_movements,
    outline_of,
    span_of,
    statement_sql,
    stretch_of,
    told_apart,
    twins_of,
)
from debitora.cash.queries.retold import retold
from debitora.cash.rules.chain import Fit, adjoins, continues, fit
from debitora.cash.rules.overlap import Found, Movement, Verdict, compare, compare_adjoining, doubted
from debitora.cash.rules.telling import movement, moving, weight_of
from debitora.cash.rules.twins import repeats
from debitora.documents.queries import read_bytes
from debitora.formats.bank.recognising import read_bank_file
from debitora.formats.bank.statements import BankFile, Line
from debitora.formats.bank.statements import Statement as Told
from debitora.formats.faults import HOLDING, FaultCode
from debitora.kit.pg.bulk import execute, stage
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject

_LINES = {
    "line": pl.Int64, "entry": pl.Int64, "place": pl.Int64, "booked_on": pl.Date, "valued_on": pl.Date, "minor": pl.Int64,
    "fingerprint": pl.String, "occurrence": pl.Int64, "code": pl.String, "reversal": pl.Boolean, "return_reason": pl.String,
    "fee_minor": pl.Int64, "original_minor": pl.Int64, "original_currency": pl.String, "name": pl.String,
    "account": pl.String, "bank": pl.String, "text": pl.String, "reference": pl.String, "end_to_end": pl.String,
    "mandate": pl.String, "bank_reference": pl.String, "batch": pl.String,
}  # fmt: skip
_TOLD = tuple(name for name in _LINES if name not in ("line", "entry", "fingerprint", "occurrence"))


class NotHeldForThis(Exception):
    """The statement is not held, or for another reason."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A statement as it compares with what the account has on its days: verdicts on its lines, and where it fits."""

    told: Told
    known: Sequence[Movement]
    movements: Sequence[Movement]
    verdicts: Sequence[Verdict]
    fit: Fit | None


Files = dict[int, BankFile]
"""What files hold, by id: reading one of a hundred statements once is enough."""


def apply_held(account: BankAccount, *, at: datetime, files: Files | None = None) -> int:
    """Apply what can be applied of the locked account's held statements; returns how many. Each may let another fit. What
    came is matched by a job, once it is committed.

    files: what is known already of what files hold.
    """
    applied, read = 0, {} if files is None else files
    waiting = held_statements(account=account.id) if account.confirmed_at else []
    while waiting:
        left = [one for one in waiting if not _applied(account, one, _file_of(one, read), at)]
        if len(left) == len(waiting):
            break
        applied += len(waiting) - len(left)
        waiting = left
    if applied:
        match_later(company=account.company_id)
    return applied


def answer_doubt(
    *, company: int, statement: int, line: int, same: bool, by: Actor, at: datetime
) -> Statement:
    """Say of a line that it is the known movement, or a new one; with the last answer the statement is looked at again.

    Raises NotHeldForThis.
    """
    with transaction.atomic():
        account, held = _held(company, statement, "doubt")
        answered = Doubt.objects.filter(statement=held, line=line).update(
            answer="same" if same else "new", answered_at=at, answered_by_label=by.label[:64]
        )
        if not answered:
            raise NotHeldForThis(f"{statement}, line {line}")
        apply_held(account, at=at)
        _record(held, "statement.doubt_answered", by, at, line=line, same=int(same))
    return Statement.objects.get(company_id=company, id=statement)


def accept_retold(*, company: int, statement: int, by: Actor, at: datetime) -> Statement:
    """Say of a statement held for a gap that its lines are payments the account has under other days: it is applied, they are not
    entered again.

    Raises NotHeldForThis, also if that does not close its gap: what a person has said of a line before stays.
    """
    with transaction.atomic():
        account, held = _held(company, statement, "gap")
        found = retold(statement=held)
        if found is None:
            raise NotHeldForThis(f"{statement}: its lines are not known under other days")
        said = {"answer": "same", "answered_at": at, "answered_by_label": by.label[:64]}
        Doubt.objects.bulk_create(
            [
                Doubt(company_id=company, statement=held, line=line, entry_id=entry, **said)
                for line, entry in found.pairs.items()
            ],
            ignore_conflicts=True,
        )
        apply_held(account, at=at)
        held.refresh_from_db()
        if held.state == "held":
            raise NotHeldForThis(f"{statement}: its lines do not close the gap")
        _record(held, "statement.other_days", by, at, lines=found.lines)
    return Statement.objects.get(company_id=company, id=statement)


def accept_gap(*, company: int, statement: int, reason: str, by: Actor, at: datetime) -> Statement:
    """Apply a statement although money is missing beside it, its lines do not come to its closing, or its file contradicts itself.

    Raises NotHeldForThis.
    """
    with transaction.atomic():
        account, held = _held(company, statement, "faults", "difference", "gap")
        wording = put_wording(company=company, text=reason)
        Gap.objects.create(
            company_id=company,
            account=account,
            statement=held,
            minor=held.missing_minor,
            wording_id=wording.id,
            accepted_at=at,
            accepted_by_label=by.label[:64],
        )
        apply_held(account, at=at)
        _record(held, "statement.gap_accepted", by, at, minor=held.missing_minor)
    return Statement.objects.get(company_id=company, id=statement)


def _held(company: int, statement: int, *reasons: str) -> tuple[BankAccount, Statement]:
    """The account, locked, and its statement, if that is held for one of the reasons. Raises NotHeldForThis."""
    found = Statement.objects.filter(company_id=company, id=statement).first()
    if found is None:
        raise NotHeldForThis(statement)
    account = lock_accounts(accounts=[found.account_id])[found.account_id]
    found.refresh_from_db()
    if found.state != "held" or found.held_for not in reasons:
        raise NotHeldForThis(f"{statement}: {found.state} {found.held_for}")
    return account, found


def _applied(account: BankAccount, statement: Statement, file: BankFile, at: datetime) -> bool:
    """Apply the statement, or keep why not."""
    told = file.statements[statement.place]
    if _repeats(account, statement, told):
        return _moved(statement, state="known", at=at)
    weighed = _weigh(account, statement, told)
    doubts = [one for one in weighed.verdicts if one.found is Found.DOUBTFUL]
    if doubts:
        _keep_doubts(statement, doubts)
        return _moved(statement, held_for="doubt")
    missing, accepted = weighed.fit.missing_minor if weighed.fit else 0, _accepted(statement)
    if accepted is None and _contradicts_itself(file):
        return _moved(statement, held_for="faults", missing=missing)
    if missing != (accepted or 0):
        return _moved(statement, held_for="difference" if told.difference_minor else "gap", missing=missing)
    _enter(account, statement, weighed, at)
    return _moved(statement, state="applied", missing=missing, at=at)


def _file_of(statement: Statement, files: Files) -> BankFile:
    if statement.file_id not in files:
        upload = statement.file.upload
        files[statement.file_id] = moving(read_bank_file(read_bytes(upload.blob), name=upload.name))
    return files[statement.file_id]


def _contradicts_itself(file: BankFile) -> bool:
    """A total, a page or an account of the file is not what the rest of it says; what does not tie is a difference."""
    return any(file.faults.count(code) for code in HOLDING - {FaultCode.STATEMENT_UNTIED})


def _accepted(statement: Statement) -> int | None:
    """What a person has agreed to be missing, most recently; None: nobody was asked."""
    newest = Gap.objects.filter(statement=statement).order_by("-id").values_list("minor", flat=True)
    return newest.first()


def _repeats(account: BankAccount, statement: Statement, told: Told) -> bool:
    """The account has the statement already: with the same balances, of the same day, and telling of the same movements."""
    amounts = Counter(line.minor for line in told.lines)
    known = [outline_of(one, amounts_of(one)) for one in twins_of(statement)]
    return repeats(
        outline_of(statement, amounts), known, continues=continues(span_of(account), stretch_of(statement))
    )


def _weigh(account: BankAccount, statement: Statement, told: Told) -> _Weighed:
    reading = statement.file.format or None
    movements = [movement(place, line, reading=reading) for place, line in enumerate(told.lines)]
    known = known_movements(
        company=statement.company_id, account=account.id, days=[line.booked_on for line in told.lines]
    )
    verdicts = _answered(statement, _verdicts(account, statement, known, movements))
    unproven = {one.key for one in known if not one.proven}
    fresh = [
        told.lines[one.line].minor for one in verdicts if one.found is Found.NEW or one.known in unproven
    ]
    span = stretch_of(statement)
    fits = fit(span_of(account), span, new_minor=sum(fresh)) if span else None
    return _Weighed(told, known, movements, verdicts, fits)


def _verdicts(
    account: BankAccount, statement: Statement, known: Sequence[Movement], movements: Sequence[Movement]
) -> list[Verdict]:
    """What the lines are. Those that are alike and come to nothing may be others where the bank counts their statements as two."""
    apart = told_apart(statement) if known else frozenset()
    if adjoins(span_of(account), stretch_of(statement)):
        verdicts = compare_adjoining(known, movements, apart=apart)
    else:
        verdicts = compare(known, movements)
    alike = [one for one in verdicts if one.found is Found.SAME and one.known in apart]
    return verdicts if sum(movements[one.line].minor for one in alike) else doubted(verdicts, apart)


def _answered(statement: Statement, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Verdicts with what a person has said: of the doubtful ones, and of lines that are known under another day."""
    answered = Doubt.objects.filter(statement=statement).exclude(answer="")
    said = {line: (answer, entry) for line, answer, entry in answered.values_list("line", "answer", "entry")}
    taken = {one.known for one in verdicts if one.found is Found.SAME}
    return [_settled(one, *said[one.line], taken) if one.line in said else one for one in verdicts]


def _settled(verdict: Verdict, answer: str, entry: int, taken: Collection[int | None]) -> Verdict:
    """What a person said counts where nothing else is certain; no known movement is two lines."""
    if verdict.found is Found.DOUBTFUL:
        same = Verdict(verdict.line, Found.SAME, verdict.known)
        return same if answer == "same" else Verdict(verdict.line, Found.NEW)
    if verdict.found is Found.NEW and answer == "same" and entry not in taken:
        return Verdict(verdict.line, Found.SAME, entry)
    return verdict


def _keep_doubts(statement: Statement, doubts: Sequence[Verdict]) -> None:
    Doubt.objects.bulk_create(
        [
            Doubt(company_id=statement.company_id, statement=statement, line=one.line, entry_id=one.known)
            for one in doubts
            if one.known is not None
        ],
        ignore_conflicts=True,
    )


def _moved(
    statement: Statement,
    *,
    state: str = "held",
    held_for: str = "",
    missing: int = 0,
    at: datetime | None = None,
) -> bool:
    """Keep how the statement stands; True if it waits no longer."""
    statement.state, statement.held_for = state, held_for
    statement.missing_minor, statement.applied_at = missing, at
    statement.save(update_fields=["state", "held_for", "missing_minor", "applied_at"])
    return state != "held"


def _enter(account: BankAccount, statement: Statement, weighed: _Weighed, at: datetime) -> None:
    """The new movements, the statement's word for all of them, and the account's new ends."""
    new = [one.line for one in weighed.verdicts if one.found is Found.NEW]
    stage(_cut(pl.DataFrame(_rows(weighed), schema=_LINES, orient="row")), "cash_line")
    execute(
        statement_sql("enter"),
        company=statement.company_id,
        account=account.id,
        statement=statement.id,
        weight=str(weight_of(statement.reach, chained=weighed.fit is not None)),
        at=at,
    )
    if weighed.fit is not None:
        span = weighed.fit.span
        account.opened_on, account.opening_minor = span.opened_on, span.opening_minor
        account.closed_on, account.closing_minor = span.closed_on, span.closing_minor
        account.save(update_fields=["opened_on", "opening_minor", "closed_on", "closing_minor"])
    statement.new_count = len(new)
    statement.save(update_fields=["new_count"])


def _cut(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with words no longer than their columns: what a bank sends beyond any standard stays in the file alone."""
    fields = [field for model in (BankEntry, EntryWords) for field in model._meta.get_fields()]
    widths = {field.name: field.max_length for field in fields if isinstance(field, CharField)}
    return lines.with_columns(
        pl.col(name).str.head(width) for name, width in widths.items() if width and name in lines.columns
    )


def _rows(weighed: _Weighed) -> list[tuple[object, ...]]:
    """The lines as rows to enter. `entry` is the known movement that a line repeats; equal new ones of a day are counted on."""
    counts = Counter((one.day, one.exact) for one in weighed.known)
    found = []
    for verdict in weighed.verdicts:
        line, what = weighed.told.lines[verdict.line], weighed.movements[verdict.line]
        entry = verdict.known if verdict.found is Found.SAME else None
        counts[what.day, what.exact] += entry is None
        found.append((verdict.line, entry, *_values(line, what.exact, counts[what.day, what.exact])))
    return found


def _values(line: Line, fingerprint: str, occurrence: int) -> tuple[object, ...]:
    said = {name: getattr(line, name) for name in _TOLD} | {
        "fingerprint": fingerprint,
        "occurrence": occurrence,
    }
    return tuple(said[name] for name in _LINES if name in said)


def _record(statement: Statement, verb: str, by: Actor, at: datetime, **facts: int | str) -> None:
    record(
        company=statement.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("statement", statement.id)],
        facts=facts,
    )
