"""Mail the managers of a company about what only they should decide. Such a mail may go twice; it demands nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from debitora.kit.runtime import new_uuid
from debitora.kit.smtp import Conversation
from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import AccountChange, Sender
from debitora.messaging.queries.accounts import managers
from debitora.messaging.queries.sender import is_home, may_write_to, sender_of
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


def _addresses(company: Company, sender: Sender) -> list[str]:
    found = []
    for _user, address in managers(company=company):
        try:
            deliverable_address(sender.email)
            wanted = deliverable_address(address)
        except AddressRefused:
            continue
        if may_write_to(sender=sender, recipient=wanted):
            found.append(wanted)
    return found


def _mail(sender: Sender, address: str, change: AccountChange, verb: str, at: datetime) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((sender.name or "Debitora", sender.email))
    message["To"] = address
    message["Subject"] = _SUBJECTS[verb]()
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{new_uuid()}@{deliverable_address(sender.email).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
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
    message.set_content("\n".join(lines) + "\n")
    return message.as_bytes()
