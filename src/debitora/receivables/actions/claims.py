"""Claims beside the items: they accrue with notices, come back with them, are waived with a reason, and booked on the account.

Each action appends entries and folds the claims' amounts from them, under the lock of the customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime

import polars as pl
from django.db import connection, transaction

from debitora.kit.pg.bulk import rows, stage
from debitora.receivables.actions.bulk import run
from debitora.receivables.actions.locks import lock_customer, lock_customers
from debitora.receivables.models import Claim, ClaimEntry, Item
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import Money

_ASKED = {
    "notice_id": pl.Int64,
    "customer_id": pl.Int64,
    "item_id": pl.Int64,
    "kind": pl.String,
    "currency": pl.String,
    "minor": pl.Int64,
    "until_on": pl.Date,
}
_REVERSED_BY = {"waived": "restored", "paid": "unpaid"}


class ClaimUnknown(Exception):
    """No claim of this company has the id, or no entry of its own can be reversed by that id."""


class WaiverNeedsReason(Exception):
    """A claim is waived with a reason only."""


class MoreThanIsOpen(Exception):
    """The amount is not above zero, exceeds what is open of the claim, or is of another currency."""


class ReversedBefore(Exception):
    """The waiver or payment was taken back before."""


@dataclass(frozen=True, slots=True)
class ClaimAsked:
    """What a notice asks for beside one item, or as its fee (then `item` is None). minor: all of the claim that is open by the notice.

    until_on: the first day whose interest is not in it.
    """

    notice: int
    customer: int
    item: int | None
    kind: str
    currency: str
    minor: int
    until_on: date | None = None


def accrue_claims(
    *, company: int, asked: Sequence[ClaimAsked], as_of: datetime, on: date, by: Actor, at: datetime
) -> int:
    """This will let claims accrue to what notices asked that have left the house; returns how many changed.

    as_of: when the run read the ledger by which the notices were made. The same notice counts once.
    """
    if not asked:
        return 0
    staged = pl.DataFrame([astuple(one) for one in asked], schema=_ASKED, orient="row")
    with transaction.atomic(), connection.cursor() as cursor:
        lock_customers(company=company, customers={one.customer for one in asked})
        stage(staged, "claim_asked")
        changed = run(cursor, "claims/accrue", company=company, as_of=as_of, **_moment(on, by, at))
        if changed:
            fold(company, "claims.accrued", {"count": changed}, by, at)
    return changed


def book_claims(
    *, company: int, notices: Iterable[int], on: date, by: Actor, at: datetime
) -> dict[tuple[int, str], int]:
    """This will mark what the notices' claims accrued as standing on the account; returns minor units by notice and kind, booked now.

    Whoever calls it opens the items.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        run(cursor, "claims/book", company=company, notices=list(notices), **_moment(on, by, at))
        found = rows(
            "select notice_id, kind, sum(minor)::bigint as minor from claim_touched group by notice_id, kind"
            " order by notice_id, kind"
        )
        if found:
            fold(company, "claims.booked", {"minor": sum(row["minor"] for row in found)}, by, at)
    return {(row["notice_id"], row["kind"]): row["minor"] for row in found}


def return_claims(*, company: int, notices: Iterable[int], on: date, by: Actor, at: datetime) -> int:
    """This will take back what is open of the claims of notices that came back; returns how many claims fell."""
    with transaction.atomic(), connection.cursor() as cursor:
        asked = list(notices)
        of_them = Claim.objects.filter(
            company_id=company,
            id__in=ClaimEntry.objects.filter(company_id=company, notice_id__in=asked).values("claim_id"),
        )
        lock_customers(company=company, customers=of_them.values_list("customer_id", flat=True))
        fallen = run(cursor, "claims/return", company=company, notices=asked, **_moment(on, by, at))
        if fallen:
            fold(company, "claims.returned", {"count": fallen}, by, at)
    return fallen


def waive_claim(
    *, company: int, claim: int, amount: Money, reason: str, on: date, by: Actor, at: datetime
) -> ClaimEntry:
    """This will give up an amount of a claim for good reason. Raises WaiverNeedsReason, ClaimUnknown and MoreThanIsOpen."""
    if not reason.strip():
        raise WaiverNeedsReason(claim)
    with transaction.atomic():
        found = _locked(company, claim)
        if amount.currency != found.currency or not 0 < amount.minor <= open_of(found):
            raise MoreThanIsOpen(str(amount.minor))
        entry = append_entry(found, "waived", amount.minor, on, by, at, reason=reason)
        _fold_one(found, "claim.waived", amount.minor, by, at)
    return entry


def restore_claim(*, company: int, entry: int, on: date, by: Actor, at: datetime) -> ClaimEntry:
    """This will claim again what was waived. Raises ClaimUnknown and ReversedBefore."""
    with transaction.atomic():
        waived = ClaimEntry.objects.filter(company_id=company, id=entry, kind="waived").first()
        if waived is None:
            raise ClaimUnknown(entry)
        found = _locked(company, waived.claim_id)
        if ClaimEntry.objects.filter(company_id=company, reverses_id=entry).exists():
            raise ReversedBefore(entry)
        restored = append_entry(found, _REVERSED_BY["waived"], waived.minor, on, by, at, reverses=waived)
        _fold_one(found, "claim.restored", waived.minor, by, at)
    return restored


def open_of(claim: Claim) -> int:
    """What is open of a claim, in minor units."""
    return claim.accrued_minor - claim.waived_minor - claim.paid_minor - claim.booked_minor


def _moment(on: date, by: Actor, at: datetime) -> dict[str, object]:
    return {"on": on, "at": at, "actor_id": by.id, "actor": by.label[:64]}


def _locked(company: int, claim: int) -> Claim:
    """The claim as it stands, its customer locked. Raises ClaimUnknown."""
    found = Claim.objects.filter(company_id=company, id=claim).first()
    if found is None:
        raise ClaimUnknown(claim)
    lock_customer(company=company, customer=found.customer_id)
    found.refresh_from_db()
    return found


def append_entry(
    claim: Claim,
    kind: str,
    minor: int,
    on: date,
    by: Actor,
    at: datetime,
    *,
    reason: str = "",
    reverses: ClaimEntry | None = None,
    charge: Item | None = None,
) -> ClaimEntry:
    """Note a change of a claim, within the caller's transaction and lock; whoever does folds the claim afterwards."""
    return ClaimEntry.objects.create(
        company_id=claim.company_id,
        claim=claim,
        kind=kind,
        minor=minor,
        reverses=reverses,
        charge=charge,
        wording=put_wording(company=claim.company_id, text=reason) if reason else None,
        effective_on=on,
        recorded_at=at,
        actor_id=by.id,
        actor_label=by.label[:64],
    )


def _fold_one(claim: Claim, verb: str, minor: int, by: Actor, at: datetime) -> None:
    stage(pl.DataFrame({"claim_id": [claim.id]}, schema={"claim_id": pl.Int64}), "claim_touched")
    fold(claim.company_id, verb, {"kind": claim.kind, "minor": minor, "currency": claim.currency}, by, at)


def fold(company: int, verb: str, facts: dict[str, object], by: Actor, at: datetime) -> None:
    """Fold the claims that were touched, and tell the trail of them."""
    with connection.cursor() as cursor:
        run(cursor, "claims/fold", company=company)
        run(cursor, "claims/customers", company=company)
        touched = cursor.fetchall()
    subjects = [Subject("claim", claim, customer=customer) for customer, claim in touched]
    record(company=company, by=by, at=at, verb=verb, subjects=subjects, facts=facts)
