"""Give up what is open: proposed with a reason, booked through the ledger by one person up to a limit and by two above it,
declined, withdrawn, or reversed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from debitora.kit.failpoints import failpoint
from debitora.people.models import Company
from debitora.receivables.actions.holds import HoldAlreadyReleased, release_hold
from debitora.receivables.actions.locks import lock_customer, lock_items
from debitora.receivables.models import Entry, ItemState, WriteOff, WriteOffLimit, WriteOffStep
from debitora.receivables.models.items import DEBITS
from debitora.receivables.queries.write_offs import limit_of, proposals_held_by, proposed_of, state_of
from debitora.receivables.rules.write_offs import Ground, StepKind, follows, within_limit
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import Money


class NothingToGiveUp(Exception):
    """The item is no invoice or charge, or nothing of it is open."""


class MoreThanIsOpenToGiveUp(Exception):
    """The amount is above what is open of the item and proposed by nobody else; in `open`, minor units."""

    def __init__(self, open_minor: int) -> None:
        super().__init__(open_minor)
        self.open_minor = open_minor


class ReasonMissing(Exception):
    """Nobody gives something up without saying why."""


class SecondPersonNeeded(Exception):
    """It is above the limit, and whoever proposed it cannot say yes to it."""


class WriteOffMoved(Exception):
    """Something else became of it meanwhile; in `state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class _Doing:
    company: Company
    by: Actor
    on: date
    at: datetime


def choose_limit(*, company: int, minor: int, by: Actor, at: datetime) -> WriteOffLimit:
    """From now on one person decides alone up to so much, in minor units of the company's currency."""
    with transaction.atomic():
        chosen = WriteOffLimit.objects.create(
            company_id=company, minor=minor, chosen_at=at, chosen_by_id=by.id, chosen_by_label=by.label[:64]
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="write_off_limit.chosen",
            subjects=[Subject("write_off_limit", chosen.id)],
            facts={"minor": minor},
        )
    return chosen


def propose_write_off(
    *,
    company: Company,
    item: int,
    amount: Money,
    ground: Ground,
    text: str,
    hold: int | None = None,
    on: date,
    by: Actor,
    at: datetime,
) -> WriteOff:
    """This will propose to give up so much of an item, and book it at once where that is within the limit.

    `hold` ends with the decision. Raises NothingToGiveUp, MoreThanIsOpenToGiveUp, ReasonMissing and ItemUnknown.
    """
    if not text.strip():
        raise ReasonMissing
    doing = _Doing(company, by, on, at)
    with transaction.atomic():
        state = _locked_item(company.id, item)
        _refuse(state, amount, company.id)
        made = WriteOff.objects.create(
            company_id=company.id,
            customer_id=state.customer_id,
            item_id=item,
            amount_minor=amount.minor,
            ground=Ground(ground),
            wording=put_wording(company=company.id, text=text.strip()),
            hold_id=hold,
            proposed_at=at,
            proposed_by_id=by.id,
            proposed_by_label=by.label[:64],
        )
        _record(doing, made, "write_off.proposed", currency=amount.currency)
        if _alone(company, amount):
            _book(doing, made, state, 0, alone=True)
    return made


def book_write_off(
    *, company: Company, write_off: int, on: date, by: Actor, at: datetime, note: str = ""
) -> WriteOffStep:
    """This will book a proposal: so much less of the item is open, and what was held for it is held no more.

    Raises WriteOff.DoesNotExist, WriteOffMoved, SecondPersonNeeded and MoreThanIsOpenToGiveUp.
    """
    doing = _Doing(company, by, on, at)
    with transaction.atomic():
        found, state, place = _locked(doing, write_off, StepKind.BOOKED)
        alone = _alone(company, Money(found.amount_minor, state.currency))
        if not alone and found.proposed_by_id is not None and found.proposed_by_id == by.id:
            raise SecondPersonNeeded
        if found.amount_minor > state.open_minor:
            raise MoreThanIsOpenToGiveUp(state.open_minor)
        return _book(doing, found, state, place, alone=alone, note=note)


def decline_write_off(
    *, company: Company, write_off: int, reason: str, on: date, by: Actor, at: datetime
) -> WriteOffStep:
    """This will say no: what was held for it is reminded of again. Raises WriteOff.DoesNotExist, WriteOffMoved, ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    return _end(_Doing(company, by, on, at), write_off, StepKind.DECLINED, reason)


def withdraw_write_off(
    *, company: Company, write_off: int, on: date, by: Actor, at: datetime
) -> WriteOffStep:
    """This will take a proposal back before anybody decided. Raises WriteOff.DoesNotExist and WriteOffMoved."""
    return _end(_Doing(company, by, on, at), write_off, StepKind.WITHDRAWN, "")


def withdraw_proposals(*, company: Company, holds: Iterable[int], on: date, by: Actor, at: datetime) -> int:
    """This will take back every proposal, not decided, that these holds were placed for; returns how many."""
    with transaction.atomic():
        found = proposals_held_by(company=company.id, holds=holds)
        for write_off in found:
            withdraw_write_off(company=company, write_off=write_off, on=on, by=by, at=at)
    return len(found)


def reverse_write_off(
    *, company: Company, write_off: int, reason: str, on: date, by: Actor, at: datetime
) -> WriteOffStep:
    """This will take a booked write-off back: its amount is open again and is asked for. Raises WriteOff.DoesNotExist,
    WriteOffMoved (an undone list may have taken it back already) and ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    doing = _Doing(company, by, on, at)
    with transaction.atomic():
        found, state, place = _locked(doing, write_off, StepKind.REVERSED)
        booked = Entry.objects.get(
            company_id=company.id,
            item_id=found.item_id,
            id=state_of(company=company.id, write_off=write_off)[2] or 0,
        )
        if Entry.objects.filter(company_id=company.id, item_id=found.item_id, reverses=booked).exists():
            raise WriteOffMoved(StepKind.REVERSED)
        entry = _entry(
            state, found.amount_minor, effective_on=max(on, booked.effective_on), at=at, reverses=booked
        )
        step = _step(doing, found, StepKind.REVERSED, place, entry=entry.id, note=reason)
        _record(doing, found, "write_off.reversed", currency=state.currency)
    return step


def _alone(company: Company, amount: Money) -> bool:
    limit = limit_of(company=company.id)
    return within_limit(amount.minor, amount.currency, limit_minor=limit, limit_currency=company.currency)


def _locked_item(company: int, item: int) -> ItemState:
    """Customer first, then item. Raises ItemUnknown."""
    known = ItemState.objects.filter(company_id=company, item_id=item).first()
    if known is not None:
        lock_customer(company=company, customer=known.customer_id)
    return lock_items(company=company, items=[item])[item]


def _locked(doing: _Doing, write_off: int, step: StepKind) -> tuple[WriteOff, ItemState, int]:
    """The write-off in a state in which the step can be taken, its item locked, and how many steps it has."""
    found = WriteOff.objects.get(company_id=doing.company.id, id=write_off)
    state = _locked_item(doing.company.id, found.item_id)
    place, now, _entry_of = state_of(company=doing.company.id, write_off=found.id)
    if not follows(step, state=now):
        raise WriteOffMoved(now)
    return found, state, place


def _refuse(state: ItemState, amount: Money, company: int) -> None:
    if state.item.kind not in DEBITS or state.open_minor <= 0:
        raise NothingToGiveUp(state.item_id)
    free = state.open_minor - proposed_of(company=company, item=state.item_id)
    if amount.currency != state.currency or not 0 < amount.minor <= free:
        raise MoreThanIsOpenToGiveUp(free)


def _book(
    doing: _Doing, found: WriteOff, state: ItemState, place: int, *, alone: bool, note: str = ""
) -> WriteOffStep:
    earliest = max(doing.on, state.item.effective_on)
    entry = _entry(state, -found.amount_minor, effective_on=earliest, at=doing.at)
    step = _step(doing, found, StepKind.BOOKED, place, entry=entry.id, alone=alone, note=note)
    _release(doing, found)
    _record(doing, found, "write_off.booked", currency=state.currency)
    failpoint("write_off_booked")
    return step


def _end(doing: _Doing, write_off: int, kind: StepKind, reason: str) -> WriteOffStep:
    with transaction.atomic():
        found, state, place = _locked(doing, write_off, kind)
        step = _step(doing, found, kind, place, note=reason)
        _release(doing, found)
        _record(doing, found, f"write_off.{kind}", currency=state.currency)
    return step


def _entry(
    state: ItemState, minor: int, *, effective_on: date, at: datetime, reverses: Entry | None = None
) -> Entry:
    made = Entry.objects.create(
        company_id=state.company_id,
        item_id=state.item_id,
        kind="written_off",
        amount_minor=minor,
        effective_on=effective_on,
        recorded_at=at,
        reverses=reverses,
    )
    state.open_minor += minor
    state.save(update_fields=["open_minor"])
    return made


def _step(
    doing: _Doing,
    found: WriteOff,
    kind: StepKind,
    place: int,
    *,
    entry: int | None = None,
    alone: bool = False,
    note: str = "",
) -> WriteOffStep:
    return WriteOffStep.objects.create(
        company_id=doing.company.id,
        write_off=found,
        place=place + 1,
        kind=kind,
        entry=entry,
        within_limit=alone,
        proposed_by_id=found.proposed_by_id,
        wording=put_wording(company=doing.company.id, text=note.strip()) if note.strip() else None,
        done_on=doing.on,
        done_at=doing.at,
        done_by_id=doing.by.id,
        done_by_label=doing.by.label[:64],
    )


def _release(doing: _Doing, found: WriteOff) -> None:
    """What was held for the proposal is held no more; a hold that somebody released stays so."""
    if found.hold_id is not None:
        with suppress(HoldAlreadyReleased):
            release_hold(company=doing.company.id, hold=found.hold_id, on=doing.on, by=doing.by, at=doing.at)


def _record(doing: _Doing, found: WriteOff, verb: str, *, currency: str) -> None:
    customer = found.customer_id
    record(
        company=doing.company.id,
        by=doing.by,
        at=doing.at,
        verb=verb,
        subjects=[Subject("write_off", found.id, customer), Subject("item", found.item_id, customer)],
        facts={"minor": found.amount_minor, "currency": currency, "ground": found.ground},
    )
