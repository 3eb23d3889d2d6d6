"""Cases that wait for an answer whose day has come, and what was done about them already."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any, Final

from debitora.disputes.rules.reminding import Unanswered, Urge, urge
from debitora.disputes.rules.routing import PRESET, Rule
from debitora.disputes.rules.routing_file import read_rule
from debitora.kit.pg.bulk import rows
from debitora.people.models import Company

AHEAD: Final = timedelta(days=14)
"""No two working days lie further apart."""
_UNANSWERED: Final = """
    select s.case_id, s.assignee_id, s.due_on, asked.done_on as asked_on, r.rule,
           exists (select from disputes_casestep m
                   where m.company_id = s.company_id and m.case_id = s.case_id and m.kind = 'reminded'
                     and m.assignee_id = s.assignee_id and m.due_on = s.due_on) as reminded,
           exists (select from disputes_casestep e
                   where e.company_id = s.company_id and e.case_id = s.case_id and e.kind = 'escalated'
                     and e.id > given.id) as escalated
    from disputes_casestate s
    cross join lateral (
        select t.id from disputes_casestep t
        where t.company_id = s.company_id and t.case_id = s.case_id and t.kind in ('opened', 'assigned', 'reopened')
        order by t.id desc limit 1
    ) given
    cross join lateral (
        select t.done_on from disputes_casestep t
        where t.company_id = s.company_id and t.case_id = s.case_id
          and t.kind in ('opened', 'assigned', 'reopened', 'moved', 'escalated')
        order by t.id desc limit 1
    ) asked
    left join disputes_caseroute r on r.company_id = s.company_id and r.case_id = s.case_id
    where s.company_id = %(company)s and s.state = 'open' and s.due_on <= %(until)s
      and (%(case)s::bigint is null or s.case_id = %(case)s)
    order by s.due_on, s.case_id"""


def unanswered(*, company: Company, on: date) -> list[int]:
    """Cases that need a reminder or are to be passed on, those that wait longest in front."""
    found = rows(_UNANSWERED, company=company.id, until=on + AHEAD, case=None)
    return [row["case_id"] for row in found if _urge(row, company, on) is not None]


def unanswered_case(*, company: int, case: int) -> tuple[Unanswered, Rule] | None:
    """How long the case waits for an answer and by which rule it was routed; None if it waits for none."""
    found = rows(_UNANSWERED, company=company, until=date.max, case=case)
    return (_case(found[0]), _rule(found[0])) if found else None


def _urge(row: dict[str, Any], company: Company, on: date) -> Urge | None:
    return urge(_case(row), on=on, country=company.country, subdivision=company.subdivision)


def _case(row: dict[str, Any]) -> Unanswered:
    known = {name: row[name] for name in ("due_on", "asked_on", "reminded", "escalated")}
    return Unanswered(assignee=row["assignee_id"], escalates_after=_rule(row).escalates_after, **known)


def _rule(row: dict[str, Any]) -> Rule:
    """A case older than rules follows the preset."""
    return read_rule(json.loads(row["rule"])) if row["rule"] else PRESET.rest
