"""Who waits for whom: cases that wait for an answer, by who opened them and who answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from debitora.kit.pg.bulk import rows
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class Waits:
    """So many cases in one currency of one person, a login, wait for another (None: nobody). `oldest_on`: its last day."""

    asker: str
    answerer_id: int | None
    answerer: str
    currency: str
    minor: int
    cases: int
    overdue: int
    oldest_on: date

    @property
    def amount(self) -> Money:
        """What was disputed in them."""
        return Money(self.minor, self.currency)


def who_waits(*, on: date, scope: Scope = EVERYTHING) -> list[Waits]:
    """Every pair of people, those with the most overdue cases in front."""
    found = rows(
        """select c.opened_by_label as asker, s.assignee_id as answerer_id,
                  coalesce(nullif(u.name, ''), u.login, '') as answerer, c.currency, sum(s.amount_minor)::bigint as minor,
                  count(*) as cases, count(*) filter (where s.due_on < %(on)s) as overdue, min(s.due_on) as oldest_on
           from disputes_casestate s
           join disputes_case c on c.company_id = s.company_id and c.id = s.case_id
           join receivables_customer k on k.company_id = s.company_id and k.id = s.customer_id
           left join people_user u on u.id = s.assignee_id
           where s.state = 'open' and (%(scope)s::bigint[] is null or k.salesperson_id = any(%(scope)s))
           group by 1, 2, 3, 4
           order by overdue desc, oldest_on, cases desc, asker, answerer, currency""",
        on=on,
        scope=scope.array,
    )
    return [Waits(**row) for row in found]
