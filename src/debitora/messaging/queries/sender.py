"""Who a company writes as, and what still keeps its sending locked."""

from __future__ import annotations

from enum import StrEnum

from debitora.kit.instance import instance_id
from debitora.kit.pg.bulk import number
from debitora.kit.sealing import CannotUnseal, unseal
from debitora.messaging.models import AllowedRecipient, Installation, Sender, SendLock
from debitora.messaging.rules.mail import AddressRefused, deliverable_address, reply_address


class Missing(StrEnum):
    """What has to be there before a first real sending."""

    NAME = "sender_name"
    ADDRESS = "sender_address"
    EMAIL = "sender_email"
    IBAN = "sender_iban"
    IMPRINT = "imprint"
    SERVER = "mail_server"
    PASSWORD = "mail_server_password"  # noqa: S105  # a code, no password
    SERVER_TEST = "mail_server_test"
    LOCKED = "send_lock"
    INSTALLATION = "installation"


def sender_of(*, company: int) -> Sender:
    """The company's sender; an empty one, not saved, if nobody has filled it in."""
    found = Sender.objects.filter(company_id=company).select_related("logo", "signature").first()
    return found or Sender(company_id=company)


def lock_in_force(*, company: int) -> SendLock | None:
    """The company's send lock, if one is in force."""
    lock = number(
        """select coalesce(max(l.id), 0) from messaging_sendlock l
           where l.company_id = %(company)s and not exists (
               select from messaging_sendunlock u where u.company_id = l.company_id and u.lock_id = l.id
           )""",
        company=company,
    )
    return SendLock.objects.get(id=lock) if lock else None


def who_locked(lock: SendLock) -> str:
    """The login of who locked sending, as it was recorded; "Debitora" where one of our jobs did."""
    return "Debitora" if lock.locked_by_label.startswith("messaging.") else lock.locked_by_label


def is_home() -> bool:
    """Whether this database belongs to this home folder; a restored or copied one does not until confirmed."""
    return Installation.objects.filter(instance_id=instance_id()).exists()


def knows_any_installation() -> bool:
    """Whether this database belongs to any home folder yet."""
    return Installation.objects.exists()


def missing_before_sending(*, company: int) -> list[Missing]:
    """Everything that keeps sending locked, in the order in which one fills it in; empty: messages may go."""
    sender = sender_of(company=company)
    facts = {
        Missing.NAME: not sender.name,
        Missing.ADDRESS: not (sender.street and sender.postcode and sender.city),
        Missing.EMAIL: not _can_write_from(sender.email),
        Missing.IBAN: not sender.iban,
        Missing.IMPRINT: not sender.imprint.strip(),
        Missing.SERVER: not sender.smtp_host,
        Missing.PASSWORD: not _password_opens(sender),
        Missing.SERVER_TEST: bool(sender.smtp_host) and sender.smtp_tested_at is None,
        Missing.LOCKED: lock_in_force(company=company) is not None,
        Missing.INSTALLATION: not is_home(),
    }
    return [what for what, missing in facts.items() if missing]


def unproven(*, company: int) -> tuple[str, ...]:
    """What the domain of the company's address did not publish when it was last asked: spf, dkim, dmarc."""
    return tuple(filter(None, sender_of(company=company).proofs_missing.split(",")))


def _password_opens(sender: Sender) -> bool:
    try:
        password_of(sender)
    except CannotUnseal:
        return False
    return True


def password_of(sender: Sender) -> str:
    """The password of the mail server in clear, "" if there is none. Raises kit.sealing.CannotUnseal."""
    sealed = sender.smtp_password_sealed
    return unseal(sealed, about=password_place(sender.company_id)) if sealed else ""


def password_place(company: int) -> str:
    """What a company's mail password is sealed for: it opens in no other company's row."""
    return f"messaging.sender.smtp_password/{company}"


def _can_write_from(address: str) -> bool:
    try:
        deliverable_address(address)
    except AddressRefused:
        return False
    return True


def may_write_to(*, sender: Sender, recipient: str) -> bool:
    """Whether a mail to this address is allowed: always, unless this is a test system with a list of its own."""
    if not sender.only_allowed:
        return True
    address = recipient.lower()
    domain = address[address.rfind("@") :]
    return AllowedRecipient.objects.filter(
        company_id=sender.company_id, pattern__in=[address, domain]
    ).exists()


def allowed_recipients(*, company: int) -> list[str]:
    """The addresses and domains that a test system may write to."""
    return list(
        AllowedRecipient.objects.filter(company_id=company)
        .order_by("pattern")
        .values_list("pattern", flat=True)
    )


def answers_to(sender: Sender, mark: object) -> str:
    """Where answers to a mail of the company go, "" for the address that it comes from; `mark` says which mail it is."""
    return reply_address(
        answers=sender.reply_to, sender=sender.email, mark=str(mark) if sender.reply_marked else ""
    )
