"""Matching: every open line is held against the ledger; what is sure enough is booked, the rest is proposed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

import polars as pl
from django.db import transaction

from debitora.cash.actions.booking import Decision, EntryMovedOn, MoreThanIsOpen, book_all, book_decision
from debitora.cash.actions.grounds import Grounds
from debitora.cash.actions.learning import count
from debitora.cash.actions.outgoing import book_no_payments, take_no_payment
from debitora.cash.actions.undoing import NoPaymentOfOurs
from debitora.cash.models import Booking, EntryState, MatchPolicy
from debitora.cash.models import Proposal as Row
from debitora.cash.queries import statement_sql
from debitora.cash.queries.asides import known_asides
from debitora.cash.queries.matching import known_to, open_lines, own_counts
from debitora.cash.queries.outflows import outgoing_proposals, with_asides
from debitora.cash.queries.policies import policy_of
from debitora.cash.rules.exchanging import propose_exchanged
from debitora.cash.rules.ignoring import Asides
from debitora.cash.rules.outgoing import NO_PAYMENT, books_alone
from debitora.cash.rules.proposing import Proposal
from debitora.cash.rules.sharing import exchanged
from debitora.cash.rules.spreading import Exchanged, Part, Share
from debitora.cash.rules.sureness import sure_from
from debitora.kit.pg.bulk import execute, stage
from debitora.receivables.actions import LessIsLeft
from debitora.receivables.models import Item
from debitora.trail.rules import Actor

LISTED_DAYS: Final = 90
"""So many days back a list may have settled what a payment now explains."""
BATCH: Final = 5_000
"""So many lines are booked in one transaction."""
NEVER_ALONE: Final = "late_discount"
"""Evidence of what only a person grants, however sure it is that the payer meant it."""
DIRECTED: Final = "directed"
MATCHED: Final = "matched"
_REASONS: Final = {"by_law": "law_366", "by_law_charges": "law_367"}

_PROPOSED: Final = {
    "entry": pl.Int64, "minor": pl.Int64, "rank": pl.Int64, "customer": pl.Int64, "kind": pl.String, "confidence": pl.Int64,
    "ignored_for": pl.String, "parts": pl.String, "evidence": pl.String, "exchanged_minor": pl.Int64, "exchanged_currency": pl.String,
    "pattern": pl.String,
}  # fmt: skip

Progress = Callable[[int, int], None]


class ProposalGone(Exception):
    """The line has no such proposal any more: it was matched anew, or booked."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a matching did, in lines, in and out: looked at, booked, proposed, without any proposal; and all proposals, by line.

    unexplained: those without any, in the order of the bank.
    """

    lines: int
    booked: int
    proposed: int
    open: int
    proposals: Mapping[int, Sequence[Proposal]]
    booked_entries: frozenset[int]
    unexplained: tuple[int, ...]


def match(
    *, company: int, by: Actor, at: datetime, dry_run: bool = False, progress: Progress | None = None
) -> Matched:
    """This will make proposals anew for every open line, and book what is sure enough by the company's policy.

    Lines are booked in batches, each in a transaction of its own: cut off in the middle, what is booked stays, and the next matching goes
    on. Of what moved meanwhile nothing is booked. A dry run writes nothing.
    """
    with transaction.atomic():
        policy = policy_of(company)
        lines = open_lines()
        known = known_to(policy, listed_since=at.date() - timedelta(days=LISTED_DAYS))
        asides = known_asides()
    proposed = {
        line: list(some) for line, some in groupby(propose_exchanged(lines, known), lambda one: one.line)
    }
    proposals = with_asides(proposed, lines, asides)
    sure = _sure(lines, proposals, policy)
    booked: set[int] = set(sure) if dry_run else set()
    if not dry_run:
        with transaction.atomic():
            _keep(company, lines, proposals, at)
        ordered = sorted(sure)
        for first in range(0, len(ordered), BATCH):
            some = ordered[first : first + BATCH]
            booked |= _book(company, [(line, proposals[line]) for line in some], lines, by, at)
            if progress is not None:
                progress(len(booked), len(sure))
    out, of_out = _propose_outgoing(company, asides, at, dry_run=dry_run)
    proposals |= of_out
    every = pl.concat([lines.select("line", "minor"), out])
    alone = _alone(every, proposals, policy)
    booked |= (
        {chosen.line for _minor, chosen, _grounds in alone}
        if dry_run
        else book_no_payments(company=company, sure=alone, by=by, at=at)
    )
    unexplained = tuple(line for line in every["line"] if line not in proposals)
    return Matched(
        lines=every.height,
        booked=len(booked),
        proposed=len(proposals.keys() - booked),
        open=len(unexplained),
        proposals=proposals,
        booked_entries=frozenset(booked),
        unexplained=unexplained,
    )


def _propose_outgoing(
    company: int, asides: Asides, at: datetime, *, dry_run: bool
) -> tuple[pl.DataFrame, dict[int, list[Proposal]]]:
    """Money that went out, after what came in was booked: lines (line, minor) and proposals."""
    with transaction.atomic():
        lines, proposals = outgoing_proposals(own=own_counts(), asides=asides)
        if not dry_run:
            _keep(company, lines, proposals, at)
    return lines, proposals


def _alone(
    lines: pl.DataFrame, proposals: Mapping[int, Sequence[Proposal]], policy: MatchPolicy
) -> list[tuple[int, Proposal, Grounds]]:
    """Lines (line, minor) that are no payment so surely that nobody is asked."""
    if not policy.by_itself:
        return []
    least = sure_from(policy.care)
    minors = dict(lines.iter_rows())
    return [
        (minors[line], some[0], Grounds("sure", some[0].confidence, _told_all(some[0], some)))
        for line, some in sorted(proposals.items())
        if books_alone(some[0])
        and some[0].confidence >= least
        and (policy.most_minor is None or abs(minors[line]) <= policy.most_minor)
    ]


def take_proposal(*, company: int, entry: int, rank: int, by: Actor, at: datetime) -> list[Booking]:
    """This will book a line as a proposal says. Raises ProposalGone, EntryMovedOn and MoreThanIsOpen."""
    with transaction.atomic():
        state = EntryState.objects.select_for_update(no_key=True).filter(company_id=company, entry=entry)
        found = state.first()
        if found is None:
            raise EntryMovedOn(entry)
        rows = list(Row.objects.filter(company_id=company, entry=entry).order_by("rank"))
        chosen = next((row for row in rows if row.rank == rank), None)
        if chosen is None:
            raise ProposalGone(f"{entry}, {rank}")
        proposals = [_as_proposal(row) for row in rows]
        booked = _taken(company, found.open_minor, _as_proposal(chosen), proposals, by, at)
        count(company=company, right=[chosen.pattern], wrong=[rows[0].pattern] if rank > 1 else [])
    return booked


def _taken(
    company: int, minor: int, chosen: Proposal, proposals: Sequence[Proposal], by: Actor, at: datetime
) -> list[Booking]:
    if chosen.kind not in NO_PAYMENT:
        decision = _decision(chosen.line, minor, chosen, proposals, _owners(proposals), "proposal")
        return book_decision(company=company, decision=decision, by=by, at=at)
    grounds = Grounds("proposal", chosen.confidence, _told_all(chosen, proposals))
    try:
        return take_no_payment(company=company, minor=minor, chosen=chosen, grounds=grounds, by=by, at=at)
    except (NoPaymentOfOurs, LessIsLeft) as gone:
        raise MoreThanIsOpen(chosen.line) from gone


def _sure(lines: pl.DataFrame, proposals: Mapping[int, Sequence[Proposal]], policy: MatchPolicy) -> set[int]:
    """Lines whose first proposal is sure enough, settles items, grants nothing that was not promised, and is not too large."""
    if not policy.by_itself:
        return set()
    least = sure_from(policy.care)
    small = lines if policy.most_minor is None else lines.filter(pl.col("minor") <= policy.most_minor)
    return {
        line
        for line in small["line"]
        if line in proposals
        and proposals[line][0].parts
        and proposals[line][0].confidence >= least
        and NEVER_ALONE not in proposals[line][0].evidence
    }


def _keep(
    company: int, lines: pl.DataFrame, proposals: Mapping[int, Sequence[Proposal]], at: datetime
) -> None:
    minors = dict(lines.select("line", "minor").iter_rows())
    rows = [
        (
            one.line, minors[one.line], one.rank, one.customer, one.kind, one.confidence, one.ignored_for, json.dumps(_parts(one)),
            json.dumps(one.evidence), one.exchanged and one.exchanged.minor, one.exchanged and one.exchanged.currency,
            one.pattern,
        )
        for some in proposals.values()
        for one in some
    ]  # fmt: skip
    stage(lines.select(entry="line"), "cash_looked_at")
    stage(pl.DataFrame(rows, schema=_PROPOSED, orient="row"), "cash_proposed")
    execute(statement_sql("propose"), company=company, at=at)


def _book(
    company: int,
    chosen: Sequence[tuple[int, Sequence[Proposal]]],
    lines: pl.DataFrame,
    by: Actor,
    at: datetime,
) -> set[int]:
    """Book the first proposals; returns the lines that were booked."""
    minors = dict(
        lines.filter(pl.col("line").is_in([line for line, _ in chosen])).select("line", "minor").iter_rows()
    )
    with transaction.atomic():
        owners = _owners(proposals[0] for _line, proposals in chosen)
        decisions = [
            _decision(line, minors[line], proposals[0], proposals, owners, "sure")
            for line, proposals in chosen
        ]
        done = book_all(company=company, decisions=decisions, by=by, at=at)
        left_out = {*done.moved, *done.refused}
        count(company=company, right=[some[0].pattern for line, some in chosen if line not in left_out])
    return {line for line, _proposals in chosen} - left_out


def _decision(
    entry: int,
    minor: int,
    chosen: Proposal,
    proposals: Sequence[Proposal],
    owners: Mapping[int, int],
    origin: str,
) -> Decision:
    return Decision(
        entry=entry,
        shares=_shares(minor, chosen, owners),
        origin=origin,
        kind=chosen.kind,
        confidence=chosen.confidence,
        told=_told_all(chosen, proposals),
        reason=_REASONS.get(chosen.kind, DIRECTED if chosen.kind.startswith("named") else MATCHED),
    )


def _shares(minor: int, chosen: Proposal, owners: Mapping[int, int]) -> tuple[Share, ...]:
    """A share for each customer whose items are paid; what none of them takes is on account of whom the proposal names."""
    hers: dict[int, list[Part]] = defaultdict(list)
    for part in chosen.parts:
        hers[owners.get(part.item, chosen.customer)].append(part)
    hers.setdefault(chosen.customer, [])
    worth = chosen.exchanged.minor if chosen.exchanged else minor
    rest = worth - sum(part.minor for part in chosen.parts)
    shares = (
        Share(
            customer,
            sum(part.minor for part in parts) + (rest if customer == chosen.customer else 0),
            tuple(parts),
        )
        for customer, parts in hers.items()
    )
    kept = tuple(share for share in shares if share.minor or share.parts)
    return exchanged(kept, minor=minor, counts_as=chosen.exchanged) if chosen.exchanged else kept


def _owners(proposals: Iterable[Proposal]) -> dict[int, int]:
    items = {part.item for one in proposals for part in one.parts}
    return dict(Item.objects.filter(id__in=items).values_list("id", "customer_id"))


def _parts(one: Proposal) -> list[list[int]]:
    return [[part.item, part.minor, part.discount, part.written_off] for part in one.parts]


def _told_all(chosen: Proposal, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """The chosen proposal and the others, as they are kept beside a booking."""
    others = [_told(one) for one in proposals if one.rank != chosen.rank]
    return {**_told(chosen), "pattern": chosen.pattern, "others": others}


def _told(one: Proposal) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "customer": one.customer,
        "kind": one.kind,
        "confidence": one.confidence,
        "parts": _parts(one),
        "evidence": list(one.evidence),
        **({"exchanged": [one.exchanged.minor, one.exchanged.currency]} if one.exchanged else {}),
    }


def _as_proposal(row: Row) -> Proposal:
    return Proposal(
        line=row.entry_id,
        rank=row.rank,
        customer=row.customer_id or 0,
        ignored_for=row.ignored_for,
        kind=row.kind,
        parts=tuple(Part(*part) for part in row.parts),
        confidence=row.confidence,
        evidence=tuple(row.evidence),
        pattern=row.pattern,
        exchanged=Exchanged(row.exchanged_currency, row.exchanged_minor, "bank")
        if row.exchanged_minor
        else None,
    )
