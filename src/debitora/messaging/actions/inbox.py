"""Mails of the inbox: looked at by whoever reads it, settled when nobody has to look any more, and unsettled again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from debitora.messaging.models import IncomingMail


def mark_sorted(*, company: int, mails: Iterable[int], at: datetime) -> None:
    """This will note that mails were looked at, so that they are not looked at again."""
    IncomingMail.objects.filter(company_id=company, id__in=list(mails)).update(sorted_at=at)


def settle_mails(*, company: int, mails: Iterable[int], at: datetime | None) -> None:
    """This will take mails out of the inbox; `at` None: put them back. The caller keeps a row that says why."""
    IncomingMail.objects.filter(company_id=company, id__in=list(mails)).update(settled_at=at)


def lock_mail(*, company: int, mail: int) -> IncomingMail | None:
    """The mail, locked until the end of the transaction."""
    return IncomingMail.objects.select_for_update(of=("self",)).filter(company_id=company, id=mail).first()
