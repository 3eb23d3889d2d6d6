"""Booking: parts of bank lines become customers' payments, by hand or many at once; or a line is none of the ledger's business."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from django.db import transaction

from debitora.cash.actions.grounds import BY_HAND, Grounds
from debitora.cash.actions.learning import learn_aside
from debitora.cash.models import IGNORED_FOR, Booking, EntryState, Payer
from debitora.cash.queries import statement_sql
from debitora.cash.queries.abbreviations import abbreviations_of
from debitora.cash.queries.policies import policy_of
from debitora.cash.rules.spreading import Share, given_up, pairs, refuse_misfits
from debitora.documents.actions import source
from debitora.kit.pg.bulk import execute, rows, stage
from debitora.receivables.actions import Settled, settle_payments
from debitora.receivables.actions.settlements import ALLOCATIONS, DEDUCTION_KINDS, DEDUCTIONS, PAYMENTS
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject
from debitora.values.numbers import number_key

BANK: Final = "bank"
"""The source of all payments that banks tell: no list ever names it."""

_MADE: Final = {
    "id": pl.Int64, "entry": pl.Int64, "kind": pl.String, "minor": pl.Int64, "customer": pl.Int64, "item": pl.Int64,
    "exchanged": pl.Int64, "rate_source": pl.String, "third_party": pl.Int64, "ignored_for": pl.String, "origin": pl.String, "confidence": pl.Int64, "proposal": pl.String,
}  # fmt: skip
_PART: Final = {
    "part": pl.Int64, "booking": pl.Int64, "item": pl.Int64, "kind": pl.String, "minor": pl.Int64,
    "allocation": pl.Int64, "ledger_entry": pl.Int64,
}  # fmt: skip
_LESSON: Final = {"payer": pl.String, "customer": pl.Int64, "kind": pl.String, "booked_on": pl.Date}


class EntryMovedOn(Exception):
    """Less of the line is open than is booked, it is only announced so far, or it goes the other way."""


class MoreThanIsOpen(Exception):
    """Less of an item is open than is booked on it, or it is not this customer's."""


class WriteOffTooLarge(Exception):
    """More would be written off, or discounted beyond what is promised, than the policy lets pass without approval."""


class NoteMissing(Exception):
    """Something would be written off, exchanged or discounted beyond what is promised, and nobody said why."""


class ReasonUnknown(Exception):
    """No line is ignored for this."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one line: shares of customers; how that was found, and how sure it was (basis points).

    kind: of the proposal, "" by hand. told: the proposals there were, kept beside the booking. reason: of each allocation.
    """

    entry: int
    shares: tuple[Share, ...]
    origin: str = "by_hand"
    kind: str = ""
    confidence: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    reason: str = "by_hand"


@dataclass(frozen=True, slots=True)
class Booked:
    """The bookings that were made; entries of which less is open than was decided on; entries whose items the ledger does not bear."""

    bookings: tuple[int, ...]
    moved: tuple[int, ...]
    refused: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry as it stands, locked."""

    entry: int
    currency: str
    booked_on: date
    open_minor: int
    payer: str


def book(
    *,
    company: int,
    entry: int,
    shares: Sequence[Share],
    by: Actor,
    at: datetime,
    note: str = "",
    approved: bool = False,
) -> list[Booking]:
    """This will book a line as payments of one customer or several; what no part takes stays on account, what no share takes stays open.

    What is given up (written off, lost in an exchange, discounted beyond what the policy promises) needs a note, and above the
    policy's bound somebody who may approve it. A rate that the bank does not tell needs a note, too. Raises SharesDoNotFit,
    WriteOffTooLarge, NoteMissing, EntryMovedOn and MoreThanIsOpen.
    """
    rate_by_hand = any(share.exchanged and share.exchanged.source == "by_hand" for share in shares)
    decision = Decision(entry, tuple(shares))
    with transaction.atomic():
        policy = policy_of(company)
        off = given_up(shares, discount_bp=policy.discount_bp)
        if off > policy.write_off_minor and not approved:
            raise WriteOffTooLarge(str(policy.write_off_minor))
        if (off or rate_by_hand) and not note.strip():
            raise NoteMissing(entry)
        return book_decision(company=company, decision=decision, by=by, at=at, note=note)


def book_decision(
    *, company: int, decision: Decision, by: Actor, at: datetime, note: str = ""
) -> list[Booking]:
    """This will book one line as decided. Raises SharesDoNotFit, EntryMovedOn and MoreThanIsOpen."""
    with transaction.atomic():
        done = book_all(company=company, decisions=[decision], by=by, at=at, note=note)
        if done.moved:
            raise EntryMovedOn(decision.entry)
        if done.refused:
            raise MoreThanIsOpen(decision.entry)
    return list(Booking.objects.filter(company_id=company, id__in=done.bookings).order_by("id"))


def book_all(
    *, company: int, decisions: Sequence[Decision], by: Actor, at: datetime, note: str = ""
) -> Booked:
    """This will book lines as decided, in one transaction; a line that has moved on, or whose items have, is left out as a whole.

    Raises SharesDoNotFit.
    """
    for decision in decisions:
        refuse_misfits(decision.shares)
    with transaction.atomic():
        lines = _locked(company, [decision.entry for decision in decisions])
        moved = {one.entry for one in decisions if _has_moved(lines.get(one.entry), one)}
        standing = [one for one in decisions if one.entry not in moved]
        if not standing:
            return Booked((), tuple(sorted(moved)), ())
        kept, settled, items, refused = _settled(company, standing, lines, by, at)
        made = _made(kept, items, lines)
        wording = put_wording(company=company, text=note).id if note else None
        _write(company, made, _parts(settled, items), wording, by, at)
        _learn(company, kept, lines)
        _record(company, made, by, at)
    return Booked(tuple(made["id"]), tuple(sorted(moved)), tuple(refused))


def ignore(
    *,
    company: int,
    entry: int,
    ignored_for: str,
    by: Actor,
    at: datetime,
    note: str = "",
    grounds: Grounds = BY_HAND,
) -> Booking:
    """This will set all that is open of a line aside, with the reason; what a person decides is learned.

    Raises ReasonUnknown and EntryMovedOn.
    """
    if ignored_for not in IGNORED_FOR or not ignored_for:
        raise ReasonUnknown(ignored_for)
    with transaction.atomic():
        line = _locked(company, [entry]).get(entry)
        if line is None or not line.open_minor:
            raise EntryMovedOn(entry)
        wording = put_wording(company=company, text=note).id if note else None
        made = Booking.objects.create(
            company_id=company,
            entry_id=entry,
            kind="ignored",
            minor=line.open_minor,
            ignored_for=ignored_for,
            wording_id=wording,
            origin=grounds.origin,
            confidence=grounds.confidence,
            proposal=dict(grounds.told),
            booked_at=at,
            booked_by_label=by.label[:64],
        )
        if grounds.origin != "sure":
            learn_aside(company=company, entry=entry, minor=line.open_minor, ignored_for=ignored_for)
        close(company=company, entry=entry, minor=line.open_minor)
        record(
            company=company,
            by=by,
            at=at,
            verb="bank_entry.ignored",
            subjects=[Subject("bank_entry", entry)],
            facts={"minor": line.open_minor, "currency": line.currency, "reason": ignored_for},
        )
    return made


def close(*, company: int, entry: int, minor: int) -> None:
    """This will lower what is open of a locked entry; proposals of it go, they were made for another sum."""
    execute(
        "update cash_entrystate set open_minor = open_minor - %(minor)s, confidence = null"
        " where company_id = %(company)s and entry_id = %(entry)s",
        company=company,
        entry=entry,
        minor=minor,
    )
    execute(
        "delete from cash_proposal where company_id = %(company)s and entry_id = %(entry)s",
        company=company,
        entry=entry,
    )


def locked_line(*, company: int, entry: int) -> EntryState:
    """The line's state, locked, if banks have booked it and something of it is open. Raises EntryMovedOn."""
    if not _locked(company, [entry]).get(entry):
        raise EntryMovedOn(entry)
    return EntryState.objects.select_related("account", "entry").get(company_id=company, entry=entry)


def _locked(company: int, entries: Sequence[int]) -> dict[int, _Line]:
    found = rows(statement_sql("locked_entries"), company=company, entries=sorted(set(entries)))
    return {
        row["entry"]: _Line(
            row["entry"], row["currency"], row["booked_on"], row["open_minor"], row["payer"] or ""
        )
        for row in found
    }


def _has_moved(line: _Line | None, decision: Decision) -> bool:
    wanted = sum(share.minor for share in decision.shares)
    return line is None or not 0 < wanted <= line.open_minor


_Kept = list[tuple[Decision, Share, int]]
"""Decisions by share, each with the number that its booking bears."""


def _settled(
    company: int, decisions: Sequence[Decision], lines: Mapping[int, _Line], by: Actor, at: datetime
) -> tuple[_Kept, Settled, dict[int, int], list[int]]:
    """Settle what the ledger bears. A line is booked with all its shares or not at all."""
    shares = [(decision, share) for decision in decisions for share in decision.shares]
    numbers = _numbers(len(shares))
    kept = [(decision, share, number) for (decision, share), number in zip(shares, numbers, strict=True)]
    settled = _settle(company, kept, lines, by, at)
    gone = set(settled.refused)
    refused = {decision.entry for decision, _share, number in kept if number in gone}
    items = {row["key"]: row["item"] for row in settled.items.iter_rows(named=True)}
    return [one for one in kept if one[0].entry not in refused], settled, items, sorted(refused)


def _numbers(count: int) -> list[int]:
    found = rows(
        "select nextval('cash_booking_id_seq') as id from generate_series(1, %(count)s)", count=count
    )
    return [row["id"] for row in found]


def _settle(
    company: int,
    kept: _Kept,
    lines: Mapping[int, _Line],
    by: Actor,
    at: datetime,
) -> Settled:
    payments, puts, off = [], [], []
    for decision, share, number in kept:
        line = lines[decision.entry]
        name = f"B{decision.entry}"
        currency = share.exchanged.currency if share.exchanged else line.currency
        payments.append(
            (number, decision.entry, share.customer, name, number_key(name), str(number), currency, share.worth, line.booked_on)
        )  # fmt: skip
        puts += [(number, *pair, decision.reason) for pair in pairs(share.parts)]
        off += [(number, *one) for one in _taken_off(share)]
    return settle_payments(
        company=company,
        source=source(company=company, kind=BANK, name="Bank", at=at).id,
        payments=pl.DataFrame(payments, schema=dict(PAYMENTS), orient="row"),
        allocations=pl.DataFrame(puts, schema=dict(ALLOCATIONS), orient="row"),
        deductions=pl.DataFrame(off, schema=dict(DEDUCTIONS), orient="row"),
        by=by,
        at=at,
        skip_refused=True,
    )


def _taken_off(share: Share) -> Iterator[tuple[int, str, int]]:
    """(item, kind, minor)."""
    for part in share.parts:
        for kind in DEDUCTION_KINDS:
            if minor := getattr(part, kind):
                yield part.item, kind, minor


def _made(kept: _Kept, items: Mapping[int, int], lines: Mapping[int, _Line]) -> pl.DataFrame:
    thirds = _third_parties(kept, lines)
    found = [
        (
            number, decision.entry, "payment", share.minor, share.customer, items[number],
            share.exchanged and share.exchanged.minor, share.exchanged and share.exchanged.source, thirds.get(number), "",
            decision.origin, decision.confidence, json.dumps(decision.told),
        )
        for decision, share, number in kept
    ]  # fmt: skip
    return pl.DataFrame(found, schema=_MADE, orient="row")


def _third_parties(kept: _Kept, lines: Mapping[int, _Line]) -> dict[int, int]:
    """By booking: the customer whose account paid, where that account never paid for the one who is booked."""
    accounts = {lines[decision.entry].payer for decision, _share, _number in kept} - {""}
    known: dict[str, list[Payer]] = defaultdict(list)
    for payer in Payer.objects.filter(account__in=accounts, times__gt=0).order_by("-times", "customer_id"):
        known[payer.account].append(payer)
    found = {}
    for decision, share, number in kept:
        payers = known.get(lines[decision.entry].payer, [])
        if payers and share.customer not in {payer.customer_id for payer in payers}:
            found[number] = payers[0].customer_id
    return found


def _parts(settled: Settled, items: Mapping[int, int]) -> pl.DataFrame:
    """What each booking did to items: debits that it settled, credits that it set off, what it took off."""
    payments = set(items.values())
    found: list[tuple[int, int, str, int, int | None, int | None]] = []
    for row in settled.allocations.iter_rows(named=True):
        found.append((row["key"], row["debit"], "allocated", row["minor"], row["allocation"], None))
        if row["credit"] not in payments:
            found.append((row["key"], row["credit"], "allocated", row["minor"], row["allocation"], None))
    found += [
        (row["key"], row["item"], row["kind"], row["minor"], None, row["entry"])
        for row in settled.deductions.iter_rows(named=True)
    ]
    return pl.DataFrame(
        [(place, *row) for place, row in enumerate(sorted(found, key=lambda row: row[0]))],
        schema=_PART,
        orient="row",
    )


def _write(
    company: int, made: pl.DataFrame, parts: pl.DataFrame, wording: int | None, by: Actor, at: datetime
) -> None:
    stage(made, "cash_made")
    stage(parts, "cash_part")
    execute(statement_sql("book"), company=company, wording=wording, by=by.label[:64], at=at)


def _learn(company: int, kept: _Kept, lines: Mapping[int, _Line]) -> None:
    lessons = [
        (lines[decision.entry].payer, share.customer, decision.kind, lines[decision.entry].booked_on)
        for decision, share, _number in kept
    ]
    by_people = {
        decision.entry: [part.item for share in decision.shares for part in share.parts]
        for decision, _share, _number in kept
        if decision.origin != "sure"
    }
    lessons += [
        ("", customer, habit, lines[entry].booked_on)
        for entry, customer, habit in abbreviations_of(by_people)
    ]
    stage(pl.DataFrame(lessons, schema=_LESSON, orient="row"), "cash_lesson")
    execute(statement_sql("learn"), company=company)


def _record(company: int, made: pl.DataFrame, by: Actor, at: datetime) -> None:
    """The ledger's own record names customers and items; this one every line: a batch bounds how many."""
    entries = made["entry"].unique().sort().to_list()
    record(
        company=company,
        by=by,
        at=at,
        verb="bank_entries.booked",
        subjects=[Subject("bank_entry", entry) for entry in entries],
        facts={"bookings": made.height, "lines": len(entries)},
    )
