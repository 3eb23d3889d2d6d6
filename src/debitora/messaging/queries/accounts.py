"""The account that letters name: which change waits for a second person, and which was confirmed lately."""

from __future__ import annotations

from datetime import datetime

from debitora.messaging.models import AccountChange, AccountChangeEnd, Sender
from debitora.messaging.rules.accounts import SHOWN_FOR, Refusal, Standing, refusal
from debitora.people.models import Company
from debitora.people.queries import Member, members
from debitora.people.rules import may


def open_change() -> AccountChange | None:
    """The change that waits for a second person."""
    newest = AccountChange.objects.order_by("-id").first()
    if newest is None or AccountChangeEnd.objects.filter(change=newest).exists():
        return None
    return newest


def confirmed_lately(*, at: datetime) -> AccountChangeEnd | None:
    """The last change that was confirmed within SHOWN_FOR, with what it changed."""
    found = AccountChangeEnd.objects.filter(kind="confirmed", ended_at__gt=at - SHOWN_FOR)
    return found.select_related("change").order_by("-id").first()


def known_account(sender: Sender) -> Standing:
    """The account in force; where it was emptied, the last one before."""
    if sender.iban:
        return Standing(sender.iban, sender.bic)
    emptied = AccountChange.objects.filter(company_id=sender.company_id, iban="").order_by("-id").first()
    return Standing(emptied.old_iban, emptied.old_bic) if emptied else Standing()


def against_confirming(
    *, company: Company, change: AccountChange, by: int | None, at: datetime
) -> Refusal | None:
    """Why a person may not confirm the change that waits; None: she may."""
    since = {one.user_id: one.granted_at for one in _entitled(company)}
    return refusal(
        proposed_by=change.proposed_by_id,
        by=by,
        proposed_at=change.proposed_at,
        at=at,
        since=since.get(by) if by else None,
        alone=not set(since) - {by},
    )


def managers(*, company: Company) -> list[tuple[int, str]]:
    """Id and mail address of everybody who may confirm a change."""
    return [(one.user_id, one.email) for one in _entitled(company)]


def _entitled(company: Company) -> list[Member]:
    return [one for one in members(company=company) if one.is_active and may(one.role, "settings.edit")]
