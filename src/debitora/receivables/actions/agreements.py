"""Agreements with a customer: entered, ended, and taken up again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Agreement, AgreementChange
from debitora.receivables.queries.agreements import agreement_state
from debitora.receivables.rules.agreements import LONGEST_NAME, AgreementKind
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class AgreementEmpty(Exception):
    """An agreement needs words."""


class AgreementEndsBefore(Exception):
    """Its last day lies before its first."""


class AgreementMoved(Exception):
    """The agreement was ended already, or goes on already."""


def enter_agreement(
    *,
    company: int,
    customer: int,
    kind: AgreementKind,
    text: str,
    with_whom: str = "",
    from_on: date,
    until_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Agreement:
    """Keep what was agreed with a customer. It tells people; ledger and dunning follow terms and holds, not this.

    Raises AgreementEmpty and AgreementEndsBefore.
    """
    if not text.strip():
        raise AgreementEmpty
    if until_on is not None and until_on < from_on:
        raise AgreementEndsBefore(until_on.isoformat())
    with transaction.atomic():
        agreement = Agreement.objects.create(
            company_id=company,
            customer_id=customer,
            kind=AgreementKind(kind),
            wording=put_wording(company=company, text=text.strip()),
            with_whom=with_whom.strip()[:LONGEST_NAME],
            from_on=from_on,
            until_on=until_on,
            entered_at=at,
            entered_by_id=by.id,
            entered_by_label=by.label[:64],
        )
        until = {"until": until_on.isoformat()} if until_on else {}
        _record(agreement, "agreement.entered", by, at, **until)
    return agreement


def end_agreement(*, company: int, agreement: int, by: Actor, at: datetime) -> AgreementChange:
    """Let an agreement count no more. Raises Agreement.DoesNotExist and AgreementMoved."""
    return _change(company, agreement, "ended", by, at)


def resume_agreement(*, company: int, agreement: int, by: Actor, at: datetime) -> AgreementChange:
    """Take the end of an agreement back. Raises Agreement.DoesNotExist and AgreementMoved."""
    return _change(company, agreement, "resumed", by, at)


def _change(company: int, agreement: int, kind: str, by: Actor, at: datetime) -> AgreementChange:
    with transaction.atomic():
        found = Agreement.objects.get(company_id=company, id=agreement)
        lock_customer(company=company, customer=found.customer_id)
        place, is_ended = agreement_state(agreement=found.id)
        if is_ended is (kind == "ended"):
            raise AgreementMoved
        change = AgreementChange.objects.create(
            company_id=company,
            agreement=found,
            place=place + 1,
            kind=kind,
            changed_at=at,
            changed_by_id=by.id,
            changed_by_label=by.label[:64],
        )
        _record(found, f"agreement.{kind}", by, at)
    return change


def _record(agreement: Agreement, verb: str, by: Actor, at: datetime, **facts: object) -> None:
    record(
        company=agreement.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("agreement", agreement.id, agreement.customer_id)],
        facts=facts,
    )
