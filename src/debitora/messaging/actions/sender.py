"""Who a company writes as, through which server, and to whom a test system may write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from debitora.documents.actions import store_bytes
from debitora.kit.dns import DnsUnreachable, texts_at
from debitora.kit.sealing import CannotUnseal, seal
from debitora.kit.smtp import Conversation, MailServer, Patience
from debitora.messaging.actions.accounts import weigh_account
from debitora.messaging.models import AllowedRecipient, Sender
from debitora.messaging.queries.sender import password_of, password_place, sender_of
from debitora.messaging.rules.emblems import emblem
from debitora.messaging.rules.letterhead import (
    MOST_COLUMNS,
    MOST_LINES,
    footer_columns,
    is_readable_colour,
    names_an_account,
)
from debitora.messaging.rules.mail import AddressRefused, deliverable_address
from debitora.messaging.rules.proofs import can_publish, is_selector, missing_proofs
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.emails import is_address

FIELDS = (
    "name street postcode city contact_name phone email reply_to reply_marked iban bic bank imprint colour footer smtp_host smtp_port smtp_user"
    " smtp_password smtp_security dkim_selector daily_bound only_allowed"
).split()
_TEST_PATIENCE = Patience(reply=15)
"""Seconds for a server that is tested while a person waits."""
_SERVER_FIELDS = {"smtp_host", "smtp_port", "smtp_user", "smtp_password", "smtp_security"}

_PROVEN_FIELDS = {"email", "dkim_selector"}


class SenderChangedMeanwhile(Exception):
    """Somebody else saved the sender since this form was opened."""


class SenderRefused(Exception):
    """A field of the sender cannot be used as it is: `field` says which."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field}: {text}")
        self.field = field


class NotAnIban(SenderRefused):
    """The IBAN's length, letters or check digits are wrong."""


class NotAnAddress(SenderRefused):
    """The field does not hold exactly one mail address that every server can deliver to."""


class NotAColour(SenderRefused):
    """This is no colour, or one that does not stand out from white paper."""


class NotASelector(SenderRefused):
    """This is no name of a DKIM key."""


class NamesAnAccount(SenderRefused):
    """An IBAN stands in a text on letters that is not meant for one: it would go round the second person."""


class FooterTooLong(SenderRefused):
    """More columns or lines than the foot of a letter has room for."""


class PasswordLost(Exception):
    """The stored password was sealed with a secret key that is not here: it has to be entered again."""


class NotAPattern(Exception):
    """An allowed recipient is an address, or a domain written @example.test."""


def save_sender(
    *, company: int, changes: Mapping[str, object], by: Actor, at: datetime, version: int | None = None
) -> Sender:
    """Change what stands on letters and mails, or the server. A changed server has to be tested again.

    `version` is the one the form was opened with; saving what stands there already changes nothing. Another bank account
    is only proposed (rules.accounts): the old one stands until a second person confirms. Raises SenderChangedMeanwhile,
    NotAnIban, NotAnAddress.
    """
    with transaction.atomic():
        sender, _made = Sender.objects.select_for_update().get_or_create(company_id=company)
        if version is not None and version != sender.version:
            raise SenderChangedMeanwhile
        wanted = {field: _checked(field, changes[field]) for field in FIELDS if field in changes}
        wanted = weigh_account(sender, wanted, by, at)
        changed = [field for field, value in wanted.items() if _stands(sender, field) != value]
        if not changed:
            return sender
        for field in changed:
            _put(sender, field, wanted[field])
        if _SERVER_FIELDS & set(changed):
            sender.smtp_tested_at = None
        if _PROVEN_FIELDS & set(changed):
            sender.proofs_missing, sender.proofs_asked_at = "", None
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


def _stands(sender: Sender, field: str) -> object:
    """What the sender holds; a password that cannot be read any more is None and equals nothing."""
    if field != "smtp_password":
        return getattr(sender, field)
    try:
        return password_of(sender)
    except CannotUnseal:
        return None


def _put(sender: Sender, field: str, value: object) -> None:
    if field != "smtp_password":
        setattr(sender, field, value)
    else:
        sender.smtp_password_sealed = _sealed(str(value), sender.company_id)


def _sealed(password: str, company: int) -> str:
    return seal(password, about=password_place(company)) if password else ""


def _checked(field: str, value: object) -> object:
    if not isinstance(value, str) or field == "smtp_password":
        return value
    text = value.strip()
    if text and field == "iban":
        return _iban(text)
    if text and field in ("email", "reply_to"):
        return _address(field, text)
    if text and field == "colour" and not is_readable_colour(text.lower()):
        raise NotAColour(field, text)
    if field in ("imprint", "footer"):
        _refuse_foot(field, text)
    if text and field == "dkim_selector" and not is_selector(text):
        raise NotASelector(field, text[:80])
    return text.lower() if field in ("colour", "dkim_selector") else text


def _refuse_foot(field: str, text: str) -> None:
    if names_an_account(text):
        raise NamesAnAccount(field, text[:80])
    columns = footer_columns(text) if field == "footer" else []
    if len(columns) > MOST_COLUMNS or any(len(column) > MOST_LINES for column in columns):
        raise FooterTooLong(field, text[:80])


def _iban(text: str) -> str:
    try:
        return str(IBAN(text))
    except (SchwiftyException, ValueError):
        raise NotAnIban("iban", text) from None


def _address(field: str, text: str) -> str:
    try:
        deliverable_address(text)
    except AddressRefused:
        raise NotAnAddress(field, text) from None
    return text


def place_emblem(*, company: int, kind: str, data: bytes | None, by: Actor, at: datetime) -> Sender:
    """Put a "logo" or "signature" on letters, or (None) take it off. Raises rules.emblems.EmblemRefused."""
    picture = None if data is None else emblem(data)
    with transaction.atomic():
        sender, _made = Sender.objects.select_for_update().get_or_create(company_id=company)
        blob = picture and store_bytes(company=company, data=picture, media_type="image/png", at=at)
        if kind == "logo":
            sender.logo = blob or None
        else:
            sender.signature = blob or None
        sender.version += 1
        sender.save()
        record(
            company=company,
            by=by,
            at=at,
            verb="sender.emblem",
            subjects=[Subject("sender", sender.id)],
            facts={"fields": [kind], "sha256": blob.sha256 if blob else ""},
        )
    return sender


def try_server(*, company: int, by: Actor, at: datetime) -> None:
    """Connect to the company's mail server, sign in, and name our own address as sender and recipient.

    Nothing is sent; that it worked is noted, and what the domain of the address does not publish (rules.proofs). Raises
    kit.smtp.NotTaken, NotAnAddress, PasswordLost and SenderChangedMeanwhile.
    """
    with transaction.atomic():
        sender = sender_of(company=company)
    try:
        own = deliverable_address(sender.email)
    except AddressRefused:
        raise NotAnAddress("email", sender.email) from None
    conversation = Conversation(mail_server(sender), patience=_TEST_PATIENCE)
    try:
        conversation.open()
        conversation.envelope(own, own)
        conversation.reset()
    finally:
        conversation.close()
    proofs = _proofs(own, sender.dkim_selector, at)
    with transaction.atomic():
        tested = Sender.objects.filter(company_id=company, version=sender.version)
        if not tested.update(smtp_tested_at=at, **proofs):
            raise SenderChangedMeanwhile
        facts = {"proofs_missing": proofs["proofs_missing"]} if proofs["proofs_missing"] else {}
        subjects = [Subject("sender", sender.id)]
        record(company=company, by=by, at=at, verb="sender.tested", subjects=subjects, facts=facts)


def _proofs(address: str, selector: str, at: datetime) -> dict[str, Any]:
    """What is asked of the address's domain, as the sender's row keeps it; nothing is known where nobody can answer."""
    domain = address.rpartition("@")[2]
    if not can_publish(domain):
        return {"proofs_missing": "", "proofs_asked_at": None}
    try:
        missing = missing_proofs(domain, texts_at, selector=selector)
    except DnsUnreachable:
        return {"proofs_missing": "", "proofs_asked_at": None}
    return {"proofs_missing": ",".join(missing), "proofs_asked_at": at}


def lock_sender(*, company: int) -> None:
    """Hold the sender's row until the end of the transaction: daily bounds are counted by one worker at a time."""
    list(Sender.objects.select_for_update(no_key=True).filter(company_id=company).values_list("id"))


def mail_server(sender: Sender) -> MailServer:
    """The server of a sender, as kit.smtp wants it. Raises PasswordLost."""
    try:
        password = password_of(sender)
    except CannotUnseal:
        raise PasswordLost from None
    return MailServer(
        host=sender.smtp_host,
        port=sender.smtp_port,
        security=sender.smtp_security,
        user=sender.smtp_user,
        password=password,
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
