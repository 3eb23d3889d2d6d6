"""Holds (Mahnsperren): dunning stops for an item, an amount of it, or a customer; released early, or extended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debitora.receivables.actions.locks import lock_customer, lock_items
from debitora.receivables.models import Hold, HoldRelease, ItemState
from debitora.receivables.models.holds import REASONS
from debitora.trail.actions import put_wording, record
from debitora.trail.models import Wording
from debitora.trail.rules import Actor, Subject
from debitora.values.money import Money


class HoldReasonUnknown(Exception):
    """The reason is none of models.holds.REASONS."""


class HoldEndsBeforeItBegins(Exception):
    """The last day of a hold lies before its first."""


class HoldNeedsAnItem(Exception):
    """An amount can only be held of an item."""


class ItemOfAnotherCustomer(Exception):
    """The item belongs to another customer."""


class HeldAmountIsNotOpen(Exception):
    """The amount is not above zero, exceeds what is open, or is of another currency than the item."""


class HoldUnknown(Exception):
    """No hold of this company has the id."""


class HoldAlreadyReleased(Exception):
    """The hold was released before."""


class HoldStillStands(Exception):
    """The hold was not released, or one like it has taken its place."""


class HoldOver(Exception):
    """The last day of the hold has passed."""


def place_hold(
    *,
    company: int,
    customer: int,
    reason: str,
    from_on: date,
    by: Actor,
    at: datetime,
    item: int | None = None,
    amount: Money | None = None,
    until_on: date | None = None,
    note: str = "",
) -> Hold:
    """This will stop dunning of a customer, of one item of hers, or of an amount of the item, first and last day included.

    Raises HoldReasonUnknown, HoldEndsBeforeItBegins, HoldNeedsAnItem, CustomerUnknown, ItemUnknown,
    ItemOfAnotherCustomer and HeldAmountIsNotOpen.
    """
    _refuse_nonsense(reason, from_on, until_on, item, amount)
    with transaction.atomic():
        lock_customer(company=company, customer=customer)
        if item is not None:
            state = lock_items(company=company, items=[item])[item]
            _refuse_what_is_not_hers(state, customer, amount)
        hold = Hold.objects.create(
            company_id=company,
            customer_id=customer,
            item_id=item,
            amount_minor=amount.minor if amount else None,
            reason=reason,
            wording=put_wording(company=company, text=note) if note else None,
            from_on=from_on,
            until_on=until_on,
            placed_by_id=by.id,
            placed_by_label=by.label[:64],
            recorded_at=at,
        )
        _record(hold, "hold.placed", by, at)
    return hold


def release_hold(*, company: int, hold: int, on: date, by: Actor, at: datetime) -> HoldRelease:
    """This will end a hold: from the day `on` it stops nothing. Raises HoldUnknown and HoldAlreadyReleased."""
    with transaction.atomic():
        found = _locked_hold(company, hold)
        release = _release(found, on=on, by=by, at=at)
        _record(found, "hold.released", by, at)
    return release


def extend_hold(*, company: int, hold: int, until_on: date | None, on: date, by: Actor, at: datetime) -> Hold:
    """This will give a hold another end: the old one is released on the day, a new one of the same kind begins on it.

    The old one's first day stays where that is still to come. Raises HoldUnknown, HoldAlreadyReleased and
    HoldEndsBeforeItBegins.
    """
    with transaction.atomic():
        found = _locked_hold(company, hold)
        begins = max(on, found.from_on)
        if until_on is not None and until_on < begins:
            raise HoldEndsBeforeItBegins(f"{begins} to {until_on}")
        _release(found, on=on, by=by, at=at)
        extended = Hold.objects.create(
            company_id=company,
            customer_id=found.customer_id,
            item_id=found.item_id,
            amount_minor=found.amount_minor,
            reason=found.reason,
            wording=_copied(found.wording),
            from_on=begins,
            until_on=until_on,
            placed_by_id=by.id,
            placed_by_label=by.label[:64],
            recorded_at=at,
        )
        _record(extended, "hold.extended", by, at, before=found.id)
    return extended


def renew_hold(*, company: int, hold: int, on: date, by: Actor, at: datetime) -> Hold:
    """This will place a released hold again from the day `on`, for the same item, amount, reason and end.

    Raises HoldUnknown, HoldStillStands, HoldOver and HeldAmountIsNotOpen.
    """
    with transaction.atomic():
        found = Hold.objects.select_related("item", "wording").filter(company_id=company, id=hold).first()
        if found is None:
            raise HoldUnknown(str(hold))
        lock_customer(company=company, customer=found.customer_id)
        if _stands(found):
            raise HoldStillStands(str(hold))
        if found.until_on is not None and found.until_on < on:
            raise HoldOver(found.until_on.isoformat())
        return place_hold(
            company=company,
            customer=found.customer_id,
            item=found.item_id,
            amount=_held_amount(found),
            reason=found.reason,
            note=found.wording.text if found.wording and found.wording.text else "",
            from_on=max(on, found.from_on),
            until_on=found.until_on,
            by=by,
            at=at,
        )


def _stands(hold: Hold) -> bool:
    """Whether the hold, or one placed after it that is the same in all that counts, was not released."""
    same = Hold.objects.filter(
        company_id=hold.company_id,
        customer_id=hold.customer_id,
        item=hold.item,
        amount_minor=hold.amount_minor,
        reason=hold.reason,
        until_on=hold.until_on,
        id__gte=hold.id,
    )
    released = HoldRelease.objects.filter(company_id=hold.company_id).values("hold_id")
    return same.exclude(id__in=released).exists()


def _held_amount(hold: Hold) -> Money | None:
    if hold.item is None or hold.amount_minor is None:
        return None
    return Money(hold.amount_minor, hold.item.currency)


def _refuse_nonsense(
    reason: str, from_on: date, until_on: date | None, item: int | None, amount: Money | None
) -> None:
    if reason not in REASONS:
        raise HoldReasonUnknown(reason)
    if until_on is not None and until_on < from_on:
        raise HoldEndsBeforeItBegins(f"{from_on} to {until_on}")
    if amount is not None and item is None:
        raise HoldNeedsAnItem(str(amount.minor))


def _refuse_what_is_not_hers(state: ItemState, customer: int, amount: Money | None) -> None:
    if state.customer_id != customer:
        raise ItemOfAnotherCustomer(state.item_id)
    if amount is not None and (amount.currency != state.currency or not 0 < amount.minor <= state.open_minor):
        raise HeldAmountIsNotOpen(str(amount.minor))


def _locked_hold(company: int, hold: int) -> Hold:
    found = Hold.objects.select_related("wording").filter(company_id=company, id=hold).first()
    if found is None:
        raise HoldUnknown(hold)
    lock_customer(company=company, customer=found.customer_id)
    if HoldRelease.objects.filter(company_id=company, hold=found).exists():
        raise HoldAlreadyReleased(hold)
    return found


def _release(hold: Hold, *, on: date, by: Actor, at: datetime) -> HoldRelease:
    return HoldRelease.objects.create(
        company_id=hold.company_id,
        hold=hold,
        effective_on=on,
        recorded_at=at,
        released_by_id=by.id,
        released_by_label=by.label[:64],
    )


def _copied(wording: Wording | None) -> Wording | None:
    """Each hold has its own words, so that erasing one's leaves the other's."""
    return put_wording(company=wording.company_id, text=wording.text) if wording else None


def _record(hold: Hold, verb: str, by: Actor, at: datetime, *, before: int | None = None) -> None:
    subjects = [Subject("hold", hold.id, customer=hold.customer_id)]
    if hold.item_id is not None:
        subjects.append(Subject("item", hold.item_id, customer=hold.customer_id))
    facts: dict[str, object] = {"reason": hold.reason, "from": hold.from_on.isoformat()}
    if hold.until_on is not None:
        facts["until"] = hold.until_on.isoformat()
    if hold.amount_minor is not None:
        facts["minor"] = hold.amount_minor
    if before is not None:
        facts["before"] = before
    record(company=hold.company_id, by=by, at=at, verb=verb, subjects=subjects, facts=facts)
