"""Steps of cases that whoever answers has to be told of, and what the link of such a mail leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from debitora.disputes.models import CaseMail, CaseState
from debitora.disputes.queries.sheet import CaseSheet, case_sheet, may_be_asked, salesperson_of
from debitora.disputes.rules.steps import CaseStatus
from debitora.disputes.rules.telling import NEWS, TOLD, Link, LinkEnd, link_end
from debitora.kit.marks import marked, number_in
from debitora.kit.pg.bulk import rows
from debitora.people.models import Company, User
from debitora.people.queries import away, members
from debitora.people.rules import answering
from debitora.receivables.gates import scope_of

MOST_AT_ONCE: Final = 500
"""Mails of one look; the next minute's goes on."""
_WAITING: Final = """select step.id as step, step.kind, s.case_id as "case", s.assignee_id as "user", step.done_by_id as by, m.user_id as meant_for
    from disputes_casestate s
    cross join lateral (
        select t.id, t.kind, t.recorded_at, t.done_by_id from disputes_casestep t
        where t.company_id = s.company_id and t.case_id = s.case_id and t.kind = any(%(told)s)
        order by t.id desc limit 1
    ) step
    left join disputes_casemail m on m.company_id = s.company_id and m.step_id = step.id
    where s.company_id = %(company)s and s.state = 'open' and s.assignee_id is not null and s.last_step_at > %(since)s
      and step.recorded_at > %(since)s and (m.id is null or m.state = 'waiting')
    order by step.id limit %(most)s"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The newest step of an open case of which whoever answers has not been told; nobody is told of her own.

    `user` is whom the case was put to, or who stands in for her; whoever a mail was meant for that no server took keeps it.
    """

    step: int
    kind: str
    case: int
    user: int


@dataclass(frozen=True, slots=True)
class Linked:
    """What the link of a mail leads to: for whom, the case as she sees it, and why she cannot answer it, if she cannot."""

    mail: CaseMail
    person: User
    sheet: CaseSheet | None
    end: LinkEnd | None


def waiting_steps(*, company: int, on: date, at: datetime) -> list[Waiting]:
    """Steps to tell of on the company's day, oldest first."""
    found = rows(_WAITING, company=company, told=list(TOLD), since=at - NEWS, most=MOST_AT_ONCE)
    gone = away(on=on)
    meant = [(one, one["meant_for"] or answering(one["user"], gone)) for one in found]
    return [Waiting(one["step"], one["kind"], one["case"], user) for one, user in meant if one["by"] != user]


def mail_mark(*, company: int, mail: int, use: str) -> str:
    """What names a mail for one use (link, reply), and cannot be guessed."""
    return marked(mail, about=f"case.{use}/{company}")


def mail_of_mark(*, company: int, mark: str, use: str) -> int | None:
    """The id of the mail that a mark names for that use, if we have made it."""
    return number_in(mark, about=f"case.{use}/{company}")


def linked(*, company: Company, mail: int, at: datetime) -> Linked | None:
    """What a mail's link leads to at a moment; None if no such mail went."""
    found = CaseMail.objects.filter(company_id=company.id, id=mail).first()
    person = User.objects.filter(id=found.user_id).first() if found else None
    if found is None or person is None:
        return None
    state = CaseState.objects.get(company_id=company.id, case_id=found.case_id)
    on = company.day_at(at)
    asked = may_be_asked(company=company, salesperson=salesperson_of(customer=state.customer_id), on=on)
    link = Link(
        until=found.until,
        is_hers=answers_for(user=found.user_id, assignee=state.assignee_id, on=on),
        status=CaseStatus(state.state),
        may_answer=found.user_id in asked,
    )
    end = link_end(link, at=at)
    sheet = (
        sheet_for(company=company, person=person, case=found.case_id, on=on)
        if end in (None, LinkEnd.CLOSED)
        else None
    )
    return Linked(found, person, sheet, end)


def answers_for(*, user: int, assignee: int | None, on: date) -> bool:
    """Whether a case that was put to somebody is the person's to answer on a day: hers, or of one she stands in for."""
    return assignee is not None and user in (assignee, answering(assignee, away(on=on)))


def sheet_for(*, company: Company, person: User, case: int, on: date) -> CaseSheet | None:
    """A case as a person of the company sees it on a day; None if she does not."""
    role = next((one.role for one in members(company=company) if one.user_id == person.id), None)
    return None if role is None else case_sheet(case=case, scope=scope_of(person=person, role=role, on=on))


def mails_of(*, case: int) -> list[CaseMail]:
    """The mails of a case, oldest first."""
    return list(CaseMail.objects.filter(case_id=case).order_by("id"))
