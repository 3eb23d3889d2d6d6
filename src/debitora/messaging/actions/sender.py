"""Who a company writes as, through which server, and to whom a test system may write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from debitora.kit.smtp import Conversation, MailServer, NotTaken
from debitora.messaging.models import AllowedRecipient, Sender
from debitora.messaging.queries.sender import sender_of
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.emails import is_address

FIELDS = (
    "name street postcode city contact_name phone email reply_to iban bic bank imprint smtp_host smtp_port smtp_user"
    " smtp_password smtp_security daily_bound only_allowed"
).split()
_SERVER_FIELDS = {"smtp_host", "smtp_port", "smtp_user", "smtp_password", "smtp_security"}


class SenderChangedMeanwhile(Exception):
    """Somebody else saved the sender since this form was opened."""


class NotAnIban(Exception):
    """The IBAN's length, letters or check digits are wrong."""


class NotAnAddress(Exception):
    """The field does not hold exactly one mail address."""


class NotAPattern(Exception):
    """An allowed recipient is an address, or a domain written @example.test."""


def save_sender(
    *, company: int, changes: Mapping[str, object], by: Actor, at: datetime, version: int | None = None
) -> Sender:
    """Change what stands on letters and mails, or the server. A changed server has to be tested again.

    `version` is the one the form was opened with. Raises SenderChangedMeanwhile, NotAnIban, NotAnAddress.
    """
    with transaction.atomic():
        sender, _made = Sender.objects.select_for_update().get_or_create(company_id=company)
        if version is not None and version != sender.version:
            raise SenderChangedMeanwhile
        changed = [field for field in FIELDS if field in changes and getattr(sender, field) != changes[field]]
        for field in changed:
            setattr(sender, field, _checked(field, changes[field]))
        if _SERVER_FIELDS & set(changed):
            sender.smtp_tested_at = None
        sender.version += 1
        sender.save()
        record(
            company=company,
            by=by,
            at=at,
            verb="sender.saved",
            subjects=[Subject("sender", sender.id)],
            facts={"fields": changed},
        )
    return sender


def _checked(field: str, value: object) -> object:
    text = str(value).strip()
    if field == "iban" and text:
        return _iban(text)
    if field in ("email", "reply_to") and text and not is_address(text):
        raise NotAnAddress(text)
    return text if isinstance(value, str) and field != "smtp_password" else value


def _iban(text: str) -> str:
    try:
        return str(IBAN(text))
    except (SchwiftyException, ValueError):
        raise NotAnIban(text) from None


def test_server(*, company: int, by: Actor, at: datetime) -> None:
    """Connect to the company's mail server and sign in, and note that it worked. Raises kit.smtp.NotTaken."""
    sender = sender_of(company=company)
    conversation = Conversation(mail_server(sender))
    try:
        conversation.open()
        conversation.envelope(sender.email, sender.email)
        conversation.reset()
    finally:
        conversation.close()
    with transaction.atomic():
        Sender.objects.filter(company_id=company, version=sender.version).update(smtp_tested_at=at)
        record(company=company, by=by, at=at, verb="sender.tested", subjects=[Subject("sender", sender.id)])


test_server.__test__ = False  # type: ignore[attr-defined]  # a verb of ours, no test


def mail_server(sender: Sender) -> MailServer:
    """The server of a sender, as kit.smtp wants it."""
    return MailServer(
        host=sender.smtp_host,
        port=sender.smtp_port,
        security=sender.smtp_security,
        user=sender.smtp_user,
        password=sender.smtp_password,
    )


def allow_recipient(*, company: int, pattern: str, by: Actor, at: datetime) -> None:
    """Let a test system write to an address, or to a domain ("@example.test"). Raises NotAPattern."""
    text = pattern.strip().lower()
    if not is_address(text if not text.startswith("@") else f"x{text}"):
        raise NotAPattern(pattern)
    with transaction.atomic():
        AllowedRecipient.objects.get_or_create(company_id=company, pattern=text, defaults={"added_at": at})
        record(company=company, by=by, at=at, verb="recipient.allowed")


def disallow_recipient(*, company: int, pattern: str, by: Actor, at: datetime) -> None:
    """Take an allowed recipient back."""
    with transaction.atomic():
        AllowedRecipient.objects.filter(company_id=company, pattern=pattern.strip().lower()).delete()
        record(company=company, by=by, at=at, verb="recipient.disallowed")


__all__ = ["NotTaken", "allow_recipient", "disallow_recipient", "mail_server", "save_sender", "test_server"]
