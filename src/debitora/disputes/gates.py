"""Gates of disputes: unknown, another company's, another salesperson's: all are equally not there."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404

from debitora.disputes.queries.inbox import InboxRow, inbox_row, mails_with
from debitora.disputes.queries.sheet import CaseSheet, case_sheet
from debitora.disputes.queries.telling import Linked, mail_of_mark
from debitora.disputes.queries.telling import linked as _linked
from debitora.formats.mail.attached import Letter
from debitora.messaging.gates import mail_that_came_in
from debitora.messaging.models import IncomingMail
from debitora.messaging.queries.incoming import letter_of
from debitora.people.models import Company
from debitora.receivables.rules.items import Scope


def case(*, case: int, scope: Scope) -> CaseSheet:
    """The case with its items and steps, if its customer is within the scope. Raises Http404."""
    found = case_sheet(case=case, scope=scope)
    if found is None:
        raise Http404
    return found


def linked(*, company: Company, mail: int, at: datetime) -> Linked:
    """What the link of a mail leads to, if that mail went. Raises Http404."""
    found = _linked(company=company, mail=mail, at=at)
    if found is None:
        raise Http404
    return found


def linked_by_mark(*, company: Company, mark: str, at: datetime) -> Linked:
    """The same by what stands in the link. Raises Http404 for what we have not made."""
    mail = mail_of_mark(company=company.id, mark=mark, use="link")
    return linked(company=company, mail=mail or 0, at=at)


def inbox_mail(*, mail: int) -> InboxRow:
    """A mail that a person wrote, or that could not be read, as the inbox shows it. Raises Http404."""
    found = inbox_row(mail=mail)
    if found is None:
        raise Http404
    return found


def incoming_mail(*, mail: int) -> IncomingMail:
    """The mail with its bytes. Raises Http404."""
    return mail_that_came_in(mail=mail)


def letter(*, mail: int) -> Letter:
    """What a mail holds. Raises Http404."""
    return letter_of(mail=mail_that_came_in(mail=mail))


def letter_with(*, case: int, mail: int) -> Letter:
    """What a mail beside the case holds. Raises Http404 for a mail that is not beside it."""
    for one in mails_with(case=case):
        if one.mail.id == mail:
            return one.letter
    raise Http404
