"""The mailbox of a company."""

from __future__ import annotations

from debitora.kit.sealing import unseal
from debitora.messaging.models import ImapMailbox


def mailbox_of(*, company: int) -> ImapMailbox | None:
    """The mailbox of a company, if one was ever named."""
    return ImapMailbox.objects.filter(company_id=company).first()


def mailbox_password(found: ImapMailbox) -> str:
    """The password, "" for none. Raises kit.sealing.CannotUnseal."""
    return (
        unseal(found.password_sealed, about=about_password(found.company_id)) if found.password_sealed else ""
    )


def about_password(company: int) -> str:
    """What the password is sealed along."""
    return f"mailbox.password/{company}"
