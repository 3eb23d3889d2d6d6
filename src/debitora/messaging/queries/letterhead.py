"""A company as it stands on its letters, and a made-up letter that shows it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from debitora.documents.models import Blob
from debitora.kit import store
from debitora.messaging.models import Sender
from debitora.messaging.queries.sender import sender_of
from debitora.messaging.rules.girocode import Account
from debitora.messaging.rules.letter import Contact, Identity, Letter, LetterLine
from debitora.messaging.rules.letter import Sender as LetterSender
from debitora.messaging.rules.letterhead import footer_columns
from debitora.messaging.rules.notice_texts import TextKey, Tone, default_text, fill, with_text
from debitora.messaging.rules.words import salutation, written_language
from debitora.people.models import Company
from debitora.values.money import Money


def letter_sender(company: Company, sender: Sender) -> LetterSender:
    """The company as it stands on its letters."""
    return LetterSender(
        name=sender.name or company.name,
        address=tuple(line for line in (sender.street, f"{sender.postcode} {sender.city}".strip()) if line),
        phone=sender.phone,
        email=sender.email,
        imprint=tuple(line.strip() for line in sender.imprint.splitlines() if line.strip()),
        account=Account(
            holder=sender.name or company.name, iban=sender.iban, bic=sender.bic, bank=sender.bank
        )
        if sender.iban
        else None,
        logo=emblem_bytes(sender.logo),
        signature=emblem_bytes(sender.signature),
        colour=sender.colour,
        footer=tuple(map(tuple, footer_columns(sender.footer))),
    )


def emblem_bytes(blob: Blob | None) -> bytes:
    """The PNG of a logo or signature; empty where there is none, or where its bytes are gone: a letter goes without."""
    return b"" if blob is None else _emblem(blob.company_id, blob.sha256)


@lru_cache(maxsize=32)
def _emblem(company: int, sha256: str) -> bytes:
    try:
        return store.read(company=company, digest=sha256)
    except (store.BytesMissing, store.BytesDiffer):
        return b""


_NOBODY = {
    "de": ("Muster & Co. KG", "Musterweg 1", "12345 Musterstadt"),
    "en": ("Sample & Co. Ltd", "1 Sample Street", "Sampleton"),
    "nl": ("Voorbeeld & Co. B.V.", "Voorbeeldweg 1", "1234 AB Voorbeeldstad"),
    "fr": ("Exemple & Cie SARL", "1 rue de l’Exemple", "01234 Exempleville"),
}
"""Whom the sample letter is for: an address as the language of the letter writes it."""


def sample_letter(*, company: Company, on: date) -> Letter:
    """A letter to nobody about nothing, as the company would write it on that day."""
    sender = sender_of(company=company.id)
    language = written_language(company.language)
    amount = Money.of("1190", company.currency)
    line = LetterLine(
        number="RE-1001",
        issued_on=on - timedelta(days=44),
        due_on=on - timedelta(days=30),
        amount=amount,
        paid=Money(0, company.currency),
        open=amount,
        days_overdue=30,
    )
    bare = Letter(
        identity=Identity(company=company.code, notice="0", as_of=on),
        sender=letter_sender(company, sender),
        recipient=_NOBODY[language],
        issued_on=on,
        customer_number="10001",
        notice_number="M-1",
        subject="",
        salutation=salutation(language),
        opening=(),
        closing=(),
        lines=(line,),
        demanded=amount,
        language=language,
        deadline_on=on + timedelta(days=10),
        contact=Contact(name=sender.contact_name, phone=sender.phone, email=sender.reply_to or sender.email),
    )
    text = default_text(TextKey.REMINDER, tone=Tone.BUSINESS, language=language)
    return with_text(bare, fill(text, bare))
