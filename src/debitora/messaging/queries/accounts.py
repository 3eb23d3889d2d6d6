"""The account that letters name: which change waits for a second person, and which was confirmed lately."""

from __future__ import annotations

from datetime import datetime

from debitora.messaging.models import AccountChange, AccountChangeEnd, Sender
from debitora.messaging.rules.accounts import SHOWN_FOR, Standing
from debitora.people.models import Company
from debitora.people.queries import members
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


def managers(*, company: Company) -> list[tuple[int, str]]:
    """Id and mail address of everybody who may confirm a change."""
    return [
        (one.user_id, one.email)
        for one in members(company=company)
        if one.is_active and may(one.role, "settings.edit")
    ]
