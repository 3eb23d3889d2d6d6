"""Tell whoever answers of a step by mail, at most once: the mail is claimed, and that committed, before the server is spoken to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from debitora.disputes.models import CaseMail
from debitora.disputes.queries.routing import routing_of
from debitora.disputes.queries.sheet import CaseSheet, may_be_asked, salesperson_of
from debitora.disputes.queries.telling import Waiting, answers_for, mail_mark, sheet_for
from debitora.disputes.rules.routing import Routing
from debitora.disputes.rules.steps import CaseStatus
from debitora.disputes.rules.telling import LINK, MailState
from debitora.kit.failpoints import failpoint
from debitora.kit.pg.bulk import execute, rows
from debitora.kit.smtp import NotTaken, Outcome
from debitora.messaging.actions.sender import PasswordLost
from debitora.messaging.actions.telling import mail_person
from debitora.messaging.rules.replies import Phase, Reply, Silence, classify
from debitora.messaging.rules.states import Event
from debitora.people.models import Company, User
from debitora.people.queries import names_by_login


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """What the mail is made of: for whom, which step, the case as she sees it, the mark of her link, until when it
    counts, who asks, and for whom she stands in, both by name ("" for nobody)."""

    company: Company
    person: User
    kind: str
    sheet: CaseSheet
    mark: str
    until: datetime
    asker: str
    in_place_of: str
    routing: Routing
    """It says what the company calls the reason."""


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What the mail says."""

    subject: str
    lines: list[str]
    html: str


Compose = Callable[[CaseLetter], CaseWords]


def tell_assignee(*, company: Company, waiting: Waiting, compose: Compose, at: datetime) -> MailState | None:
    """This will mail a step to whoever answers; returns how the mail stands, None if it is not to go any more.

    What no server took waits for the next round; of what fell silent behind its last dot nobody knows, and it is not sent
    again. Raises kit.smtp.NotTaken and PasswordLost after keeping that.
    """
    with transaction.atomic():
        found = _claimed(company, waiting, at)
    if found is None:
        return None
    mail, letter = found
    words = compose(letter)
    try:
        went = mail_person(
            company=company,
            address=letter.person.email,
            subject=words.subject,
            lines=words.lines,
            html=words.html,
            name=f"case-{mail_mark(company=company.id, mail=mail.id, use='reply')}",
            at=at,
        )
    except NotTaken as refused:
        _keep(mail, _after(refused.outcome), at)
        raise
    except PasswordLost:
        _keep(mail, MailState.WAITING, at)
        raise
    failpoint("case_mail_taken")
    return _keep(mail, MailState.SENT if went else MailState.WAITING, at)


def leave_uncertain(*, company: int, at: datetime) -> int:
    """Mails whose worker has ended in between are uncertain: nobody knows whether they left. Returns how many."""
    with transaction.atomic():
        return execute(_LEFT, company=company, at=at)


_CLAIM: Final = """insert into disputes_casemail (company_id, case_id, step_id, user_id, state, attempts, claimed_at, state_at, until)
    values (%(company)s, %(case)s, %(step)s, %(user)s, 'claimed', 1, clock_timestamp(), %(at)s, %(until)s)
    on conflict (company_id, step_id) do update
    set state = 'claimed', attempts = disputes_casemail.attempts + 1, claimed_at = clock_timestamp(), state_at = %(at)s
    where disputes_casemail.state = 'waiting' and disputes_casemail.user_id = %(user)s
    returning id"""
_LEFT: Final = """update disputes_casemail set state = 'uncertain', state_at = %(at)s
    where company_id = %(company)s and state = 'claimed' and claimed_at < clock_timestamp() - interval '15 minutes'"""


def _claimed(company: Company, waiting: Waiting, at: datetime) -> tuple[CaseMail, CaseLetter] | None:
    """The mail, claimed, with what it is made of; None if somebody else has it, or the case is hers no more."""
    person = User.objects.get(id=waiting.user)
    on = company.day_at(at)
    sheet = sheet_for(company=company, person=person, case=waiting.case, on=on)
    if sheet is None or sheet.row.state != CaseStatus.OPEN:
        return None
    if not answers_for(user=person.id, assignee=sheet.row.assignee_id, on=on):
        return None
    salesperson = salesperson_of(customer=sheet.row.customer)
    if person.id not in may_be_asked(company=company, salesperson=salesperson, on=on):
        return None
    facts = {"case": waiting.case, "step": waiting.step, "user": person.id, "at": at, "until": at + LINK}
    claimed = rows(_CLAIM, company=company.id, **facts)
    if not claimed:
        return None
    mail = CaseMail.objects.get(company_id=company.id, id=claimed[0]["id"])
    routing = routing_of(company=company.id).routing
    mark = mail_mark(company=company.id, mail=mail.id, use="link")
    asker = names_by_login(company=company).get(sheet.row.opened_by, "")
    in_place_of = sheet.row.assignee if sheet.row.assignee_id != person.id else ""
    return mail, CaseLetter(
        company, person, waiting.kind, sheet, mark, mail.until, asker, in_place_of, routing
    )


def _after(outcome: Outcome) -> MailState:
    said = Silence(outcome.silence) if outcome.silence else Reply(outcome.code, outcome.text)
    lost = classify(Phase(outcome.phase), said).event is Event.LOSE
    return MailState.UNCERTAIN if lost else MailState.WAITING


def _keep(mail: CaseMail, state: MailState, at: datetime) -> MailState:
    with transaction.atomic():
        mine = CaseMail.objects.filter(company_id=mail.company_id, id=mail.id, state=MailState.CLAIMED)
        mine.update(state=state, state_at=at)
    return state
