"""Put incoming mails where they belong: by themselves where that is proven, by hand where somebody has looked; and take that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from debitora.disputes.actions.moving import comment_case
from debitora.disputes.models import Case, CaseMail, CaseState, CaseStep, MailPlacing
from debitora.disputes.queries.inbox import comments_of, customers_of, newest_places, pending_numbers
from debitora.disputes.queries.telling import Linked, linked, mail_of_mark
from debitora.disputes.rules.replies import LONGEST, Reply, Why, case_named, judged, names_number
from debitora.disputes.rules.telling import MailState
from debitora.kit.failpoints import failpoint
from debitora.messaging.actions.inbox import lock_mail, mark_sorted, settle_mails
from debitora.messaging.models import IncomingMail
from debitora.messaging.queries.incoming import letter_of, unsorted_mails
from debitora.people.models import Company, User
from debitora.receivables.models import Customer
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject

BATCH = 100
"""Mails of one transaction."""


class MailUnknown(Exception):
    """No mail of the inbox has the id."""


class MailIsSettled(Exception):
    """Somebody has placed or discarded the mail meanwhile."""


class MailWaits(Exception):
    """The mail waits in the inbox: there is nothing to take back."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the senders of a batch: address -> customer, customer -> numbers of her pending items with their cases."""

    customers: Mapping[str, int]
    numbers: Mapping[int, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a mail belongs, or what it seems to be about while it waits."""

    kind: str
    why: Why
    case: int | None = None
    customer: int | None = None
    step: CaseStep | None = None


def sort_mails(*, company: Company, by: Actor, at: datetime) -> int:
    """This will look at the next mails that came in, each once; returns at how many.

    What a mail becomes is committed together with the note that it was looked at, so that a worker's end repeats nothing.
    """
    with transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(id=company.id)
        mails = unsorted_mails(most=BATCH)
        written = [mail for mail in mails if mail.state in ("other", "unread")]
        known = _known(written)
        for mail in mails:
            if mail.state == "not_ours" and mail.mark:
                _came_back(company, mail, at)
        for mail in written:
            _keep(company, mail, _found(company, mail, known, at), by, at)
        mark_sorted(company=company.id, mails=[mail.id for mail in mails], at=at)
        failpoint("mails_sorted")
    return len(mails)


def place_mail(
    *,
    company: Company,
    mail: int,
    by: Actor,
    at: datetime,
    case: Case | None = None,
    customer: Customer | None = None,
) -> MailPlacing:
    """This will put a mail of the inbox beside a case, or else a customer, by hand; it changes neither. Raises MailUnknown, MailIsSettled."""
    kind = "case" if case is not None else "customer"
    about = case.customer_id if case is not None else customer.id if customer is not None else None
    found = _Found(kind, Why.HAND, case=case.id if case else None, customer=about)
    with transaction.atomic():
        return _keep(company, _waiting(company, mail), found, by, at)


def discard_mail(*, company: Company, mail: int, note: str, by: Actor, at: datetime) -> MailPlacing:
    """This will take a mail out of the inbox that is about nothing here. Raises MailUnknown and MailIsSettled."""
    with transaction.atomic():
        return _keep(company, _waiting(company, mail), _Found("discarded", Why.HAND), by, at, note)


def return_mail(*, company: Company, mail: int, by: Actor, at: datetime) -> MailPlacing:
    """This will put a mail back into the inbox; what became a comment stays one. Raises MailUnknown and MailWaits."""
    with transaction.atomic():
        found = _locked(company, mail)
        if found.settled_at is None:
            raise MailWaits(mail)
        return _keep(company, found, _Found("undone", Why.HAND), by, at)


def _known(mails: Sequence[IncomingMail]) -> _Known:
    customers = customers_of(senders=[mail.sender for mail in mails if mail.sender])
    return _Known(customers, pending_numbers(customers=sorted(set(customers.values()))))


def _found(company: Company, mail: IncomingMail, known: _Known, at: datetime) -> _Found:
    """By the signed name of our mail, else by address and number; else it waits."""
    ours = _answered(company, mail, at)
    if ours is not None:
        return _of_reply(company, mail, ours, at)
    return _by_number(company, mail, known) or _waits(mail, known)


def _answered(company: Company, mail: IncomingMail, at: datetime) -> Linked | None:
    mark = mail.mark.removeprefix("case-")
    number = mail_of_mark(company=company.id, mark=mark, use="reply") if mail.mark != mark else None
    return linked(company=company, mail=number, at=at) if number is not None else None


def _of_reply(company: Company, mail: IncomingMail, ours: Linked, at: datetime) -> _Found:
    case, person = ours.mail.case_id, ours.person
    on = company.day_at(at)
    letter = letter_of(mail=mail)
    why = judged(
        Reply(
            own_address=bool(person.email) and mail.sender.lower() == person.email.lower(),
            end=ours.end,
            has_text=bool(letter.text.strip()),
            comments_today=comments_of(case=case, user=person.id, on=on),
        )
    )
    if why is not Why.PROVEN:
        return _Found("waits", why, case=case)
    by = Actor(person.id, "user", person.login)
    step = comment_case(
        company=company, case=case, note=letter.text.strip()[:LONGEST], on=on, by=by, at=at, way="reply"
    )
    return _Found("case", why, case=case, step=step)


def _by_number(company: Company, mail: IncomingMail, known: _Known) -> _Found | None:
    """The case that the subject names, from the address of whom it is with; or the item's number, from the customer's."""
    named = case_named(mail.subject)
    if named is not None:
        state = CaseState.objects.filter(company_id=company.id, case_id=named).first()
        asked = User.objects.filter(id=state.assignee_id).first() if state and state.assignee_id else None
        if asked is not None and asked.email and asked.email.lower() == mail.sender.lower():
            return _Found("case", Why.NUMBER, case=named)
    customer = known.customers.get(mail.sender.lower())
    numbers = known.numbers.get(customer, ()) if customer is not None else ()
    cases = {case for number, case in numbers if names_number(mail.subject, number)}
    return _Found("case", Why.NUMBER, case=cases.pop()) if len(cases) == 1 else None


def _waits(mail: IncomingMail, known: _Known) -> _Found:
    if mail.intent is not None:
        return _Found("waits", Why.ANSWER, customer=mail.intent.customer_id)
    customer = known.customers.get(mail.sender.lower())
    return _Found("waits", Why.KNOWN if customer else Why.UNKNOWN, customer=customer)


def _came_back(company: Company, mail: IncomingMail, at: datetime) -> None:
    """A report on a mail to whoever answers, about just her address: it did not arrive."""
    number = mail_of_mark(company=company.id, mark=mail.mark.removeprefix("case-"), use="reply")
    found = CaseMail.objects.filter(company_id=company.id, id=number or 0, state=MailState.SENT).first()
    person = User.objects.filter(id=found.user_id).first() if found else None
    if found and person and mail.status[:1] in ("4", "5") and mail.recipient.lower() == person.email.lower():
        CaseMail.objects.filter(company_id=company.id, id=found.id).update(
            state=MailState.RETURNED, state_at=at
        )


def _waiting(company: Company, mail: int) -> IncomingMail:
    found = _locked(company, mail)
    if found.settled_at is not None:
        raise MailIsSettled(mail)
    return found


def _locked(company: Company, mail: int) -> IncomingMail:
    found = lock_mail(company=company.id, mail=mail)
    if found is None or found.state not in ("other", "unread"):
        raise MailUnknown(mail)
    return found


_VERBS = {
    "case": "mail.placed",
    "customer": "mail.placed",
    "discarded": "mail.discarded",
    "undone": "mail.returned",
}


def _keep(
    company: Company, mail: IncomingMail, found: _Found, by: Actor, at: datetime, note: str = ""
) -> MailPlacing:
    """The row of a placing, the mail in the inbox or out of it, and the record."""
    place = newest_places(mails=[mail.id]).get(mail.id, 0) + 1
    row = MailPlacing.objects.create(
        company_id=company.id,
        mail=mail,
        place=place,
        kind=found.kind,
        why=found.why,
        case_id=found.case,
        customer_id=found.customer,
        step=found.step,
        wording=put_wording(company=company.id, text=note) if note else None,
        done_at=at,
        done_by_id=by.id,
        done_by_label=by.label[:64],
    )
    if found.kind == "waits":
        record(company=company.id, by=by, at=at, verb="mail.waits", subjects=[Subject("mail", mail.id)])
        return row
    settle_mails(company=company.id, mails=[mail.id], at=None if found.kind == "undone" else at)
    subjects = [Subject("mail", mail.id, customer=_customer_of(company, found))]
    if found.case is not None:
        subjects.append(Subject("case", found.case))
    record(
        company=company.id,
        by=by,
        at=at,
        verb=_VERBS[found.kind],
        subjects=subjects,
        facts={"why": str(found.why)},
        wording=note,
    )
    return row


def _customer_of(company: Company, found: _Found) -> int | None:
    if found.customer is not None or found.case is None:
        return found.customer
    return Case.objects.get(company_id=company.id, id=found.case).customer_id
