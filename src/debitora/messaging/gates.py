"""Gates of messaging: unknown, or another company's, is equally not there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import Http404

from debitora.kit.pg.company import serving
from debitora.messaging.models import IncomingMail, Intent, Pile, Segment
from debitora.messaging.queries.consents import Asked, asked_by, receiver_of
from debitora.messaging.queries.optouts import EndAsked, end_asked, receiver_to_end
from debitora.messaging.queries.own_mails import stop_asked
from debitora.messaging.queries.texts import TextVersion, text_version
from debitora.messaging.rules.notice_texts import TextKey, Tone
from debitora.messaging.rules.words import written_languages
from debitora.people.models import Company, User
from debitora.people.queries import company_by_code


def delivery(*, intent: int) -> Intent:
    """The message with its customer, address and bytes; row-level security hides other companies'. Raises Http404."""
    found = Intent.objects.filter(id=intent).select_related("customer", "party", "document", "body").first()
    if found is None:
        raise Http404
    return found


def pile_of_letters(*, pile: int) -> Pile:
    """The pile with its bytes. Raises Http404."""
    found = Pile.objects.filter(id=pile).select_related("document").first()
    if found is None:
        raise Http404
    return found


def segment_message(*, segment: int) -> Segment:
    """The message to many customers. Raises Http404."""
    found = Segment.objects.filter(id=segment).first()
    if found is None:
        raise Http404
    return found


def text_key(*, key: str) -> str:
    """The key of a wording that letters use. Raises Http404 for any other."""
    if key not in {f"{text}.{tone}" for text in TextKey for tone in Tone}:
        raise Http404
    return key


def text_place(*, key: str, language: str) -> tuple[str, str]:
    """Key and language of a wording that letters use. Raises Http404 for any other."""
    if language not in written_languages():
        raise Http404
    return text_key(key=key), language


def text_of_version(*, key: str, language: str, version: int) -> TextVersion:
    """One version of a wording. Raises Http404."""
    text_place(key=key, language=language)
    found = text_version(key=key, language=language, version=version)
    if found is None:
        raise Http404
    return found


def mail_that_came_in(*, mail: int) -> IncomingMail:
    """The mail with its bytes, and the message that it is about. Raises Http404."""
    found = IncomingMail.objects.select_related("document", "intent__party", "intent__customer")
    try:
        return found.get(id=mail)
    except IncomingMail.DoesNotExist:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class MailsToStop:
    """Whose mails of which kind a signed link ends; `company` by id, and the language that the person reads."""

    company: int
    company_name: str
    user: int
    kind: str
    language: str


def mails_to_stop(*, company_code: str, mark: str) -> MailsToStop | None:
    """What a link of ours ends, for a reader who is not signed in; None for every other, whatever is wrong with it."""
    company = company_by_code(code=company_code) if company_code else None
    asked = stop_asked(company=company.id, mark=mark) if company else None
    person = User.objects.filter(id=asked[0]).first() if asked else None
    if company is None or asked is None or person is None:
        return None
    return MailsToStop(company.id, company.name, asked[0], asked[1], person.language)


def consent_asked(*, company_code: str, mark: str) -> tuple[Company, Asked]:
    """What a link for a consent leads to, for a reader who is not signed in. Raises Http404 for what we have not made."""
    company = company_by_code(code=company_code) if company_code else None
    receiver = receiver_of(company=company.id, mark=mark) if company else None
    if company is None or receiver is None:
        raise Http404
    with serving(company.id), transaction.atomic():
        asked = asked_by(receiver=receiver)
    if asked is None:
        raise Http404
    return company, asked


def messages_to_end(*, company_code: str, mark: str) -> tuple[Company, EndAsked]:
    """What a link that ends messages leads to, for a reader who is not signed in. Raises Http404 for what we have not made."""
    company = company_by_code(code=company_code) if company_code else None
    receiver = receiver_to_end(company=company.id, mark=mark) if company else None
    if company is None or receiver is None:
        raise Http404
    with serving(company.id), transaction.atomic():
        asked = end_asked(receiver=receiver)
    if asked is None:
        raise Http404
    return company, asked
