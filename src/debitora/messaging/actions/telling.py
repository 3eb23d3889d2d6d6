"""Mail people of the company: managers about what only they should decide, and others about what waits for them.

Such a mail may go twice; it demands nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from debitora.formats.mail.opening import one_line
from debitora.kit.runtime import new_uuid
from debitora.kit.smtp import Conversation
from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import AccountChange, Sender
from debitora.messaging.queries.accounts import managers
from debitora.messaging.queries.sender import answers_to, is_home, lock_in_force, may_write_to, sender_of
from debitora.messaging.rules.mail import AddressRefused, deliverable_address
from debitora.messaging.rules.sheet import grouped_iban
from debitora.people.models import Company

_SUBJECTS: Mapping[str, Callable[[], str]] = {
    "account.proposed": lambda: _("Another bank account is proposed for your letters"),
    "account.confirmed": lambda: _("Another bank account stands on your letters"),
    "account.withdrawn": lambda: _("A proposed bank account was withdrawn"),
}


def tell_of_account(*, company: Company, change: int, verb: str, at: datetime) -> int:
    """Mail everybody who may confirm a change of the account; returns to how many. Raises kit.smtp.NotTaken, PasswordLost.

    Nobody, where no mail server is known yet or this is the copy of another installation.
    """
    with transaction.atomic():
        sender = sender_of(company=company.id)
        found = AccountChange.objects.get(company_id=company.id, id=change)
        addresses = _addresses(company, sender) if sender.smtp_host and is_home() else []
    if not addresses:
        return 0
    with override(company.language):
        mails = [(address, _mail(sender, address, found, verb, at)) for address in addresses]
    conversation = Conversation(mail_server(sender))
    try:
        for address, data in mails:
            conversation.open()
            conversation.envelope(deliverable_address(sender.email), address)
            conversation.data(data)
    finally:
        conversation.close()
    return len(mails)


def may_mail_people(*, company: Company) -> bool:
    """Whether mails to people of the company may go at all: a server is known, sending is not locked, and this is no copy."""
    with transaction.atomic():
        sender = sender_of(company=company.id)
        return bool(sender.smtp_host) and is_home() and not lock_in_force(company=company.id)


def mail_person(
    *,
    company: Company,
    address: str,
    subject: str,
    lines: Sequence[str],
    at: datetime,
    html: str = "",
    name: str = "",
) -> bool:
    """Mail one person of the company; returns whether it went. Raises kit.smtp.NotTaken, PasswordLost.

    `html` says the same for programs that show it; `name` is what stands before the @ of its Message-ID, by which an answer is
    known. It does not go where no mail server is known yet, sending is locked, this is the copy of another installation, or the
    address is none that may be written to.
    """
    with transaction.atomic():
        sender = sender_of(company=company.id)
        wanted = _wanted(sender, address) if may_mail_people(company=company) else ""
    if not wanted:
        return False
    conversation = Conversation(mail_server(sender))
    try:
        conversation.open()
        conversation.envelope(deliverable_address(sender.email), wanted)
        conversation.data(_written(sender, wanted, subject, lines, at, html, name))
    finally:
        conversation.close()
    return True


def _addresses(company: Company, sender: Sender) -> list[str]:
    found = [_wanted(sender, address) for _user, address in managers(company=company)]
    return [address for address in found if address]


def _wanted(sender: Sender, address: str) -> str:
    """The address as servers take it; empty if it is none, or none that may be written to."""
    try:
        deliverable_address(sender.email)
        wanted = deliverable_address(address)
    except AddressRefused:
        return ""
    return wanted if may_write_to(sender=sender, recipient=wanted) else ""


def _mail(sender: Sender, address: str, change: AccountChange, verb: str, at: datetime) -> bytes:
    lines = [
        _("Until now: %(iban)s") % {"iban": grouped_iban(change.old_iban)},
        _("New: %(iban)s") % {"iban": grouped_iban(change.iban)},
        _("Proposed by %(who)s.") % {"who": change.proposed_by_label},
        "",
        _("If you do not know of this, lock sending in Debitora at once and ask the person by telephone."),
        _(
            "Never confirm an account because a mail or a call asks you to: compare it with your bank's papers."
        ),
    ]
    return _written(sender, address, _SUBJECTS[verb](), lines, at)


def _written(
    sender: Sender,
    address: str,
    subject: str,
    lines: Sequence[str],
    at: datetime,
    html: str = "",
    name: str = "",
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((sender.name or "Debitora", sender.email))
    message["To"] = address
    if answers := answers_to(sender, name):
        message["Reply-To"] = deliverable_address(answers)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name or new_uuid()}@{deliverable_address(sender.email).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(lines) + "\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()
