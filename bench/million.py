"""A company with a million open items, and another one, for pages to be asked about. No benchmark itself.

Written by SQL behind the wall, as fast as it goes: what no page reads (the list they came with, level events) is left out,
so this is a ground for reading only. A third is overdue; a run over it waits for approval, another one was approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench import ground

if TYPE_CHECKING:
    from debitora.people.models import Company

PER_CUSTOMER: Final = 10
"""Items a customer has on average; a few have a thousand times as many as the least."""

PARTIES: Final = """
insert into receivables_party (company_id, name, contact_name, street, postcode, city, country, email, phone, recorded_at)
select %(company)s,
       (array['Bäckerei','Autohaus','Malerbetrieb','Gasthof','Druckerei','Metallbau','Apotheke','Spedition','Gärtnerei',
              'Elektro','Sanitär','Tischlerei','Optik','Reisebüro','Verlag','Brauerei','Weingut','Kanzlei'])[1 + n * 7 %% 18]
       || ' ' ||
       (array['Müller','Schmidt','Schneider','Fischer','Weber','Meyer','Wagner','Becker','Schulz','Hoffmann','Koch',
              'Bauer','Richter','Klein','Wolf','Schröder','Neumann','Schwarz','Zimmermann','Braun','Krüger','Hofmann',
              'Hartmann','Lange','Werner'])[1 + n * 11 %% 25]
       || ' ' || substr(md5(n::text), 1, 4) || ' GmbH',
       '', 'Weg ' || n %% 200, lpad((n %% 90000 + 10000)::text, 5, '0'), 'Berlin', 'DE',
       case when n %% 20 = 0 then '' else 'k' || n || '@kunde.example' end, '', %(at)s
from generate_series(1, %(customers)s) n
"""
CUSTOMERS: Final = """
insert into receivables_customer (company_id, number, number_key, party_id, kind, language, salesperson_id, parked_reason,
                                  version, recorded_at)
select %(company)s, (n + 10000)::text, (n + 10000)::text, id, 'business', 'de', (%(sales)s::bigint[])[1 + n %% 20], '', 1, %(at)s
from (select id, row_number() over (order by id) as n from receivables_party) p
"""
ITEMS: Final = """
insert into receivables_item (company_id, source_id, customer_id, kind, number, number_key, position, currency, amount_minor,
                              issued_on, order_reference, effective_on, recorded_at)
select %(company)s, %(source)s, c.id, case when i %% 25 = 0 then 'credit' else 'invoice' end, 'R' || (1000000 + i),
       'R' || (1000000 + i), '', case when c.n %% 20 = 7 then 'CHF' else 'EUR' end,
       (case when i %% 25 = 0 then -1 else 1 end) * (500 + (hashint8(i)::bigint & 1048575) * (1 + i %% 7) / 4),
       %(on)s::date + (60 - i * 37 %% 270)::int - 30, '', %(on)s, %(at)s
from generate_series(1::bigint, %(items)s) i
join (select id, row_number() over (order by id) as n from receivables_customer) c
  on c.n = case when i %% 10 < 3 then 1 + i * 7919 %% (%(customers)s / 50 + 1) else 1 + i * 104729 %% %(customers)s end
order by i
"""
ENTRIES: Final = """
insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at)
select company_id, id, 'opened', amount_minor, effective_on, recorded_at from receivables_item order by id
"""
SETTLED: Final = """
insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at)
select company_id, id, 'paid_per_list', -amount_minor, effective_on, recorded_at from receivables_item
where id %% 10 = 0 order by id
"""
TERMS: Final = """
insert into receivables_terms (company_id, item_id, due_on, effective_on, recorded_at)
select company_id, id, issued_on + 30, effective_on, recorded_at from receivables_item order by id
"""
STATES: Final = """
insert into receivables_itemstate (company_id, item_id, customer_id, source_id, currency, raised_minor, open_minor, issued_on, due_on,
                                   level, last_reminded_on, list_behind)
select company_id, id, customer_id, source_id, currency, amount_minor,
       case when id %% 10 = 0 then 0 else amount_minor end, issued_on, issued_on + 30,
       case when issued_on + 50 < %(on)s and id %% 3 = 0 then 1 + id %% 4 %% 3 else 0 end,
       case when issued_on + 50 < %(on)s and id %% 3 = 0 then %(on)s::date - 15 end, id %% 1000 = 1
from receivables_item order by id
"""
HOLDS: Final = """
insert into receivables_hold (company_id, customer_id, item_id, reason, from_on, until_on, placed_by_label, recorded_at)
select company_id, customer_id, item_id, 'clarification', %(on)s::date - 5, %(on)s::date + (item_id %% 40)::int, 'bench', %(at)s
from receivables_itemstate where open_minor > 0 and due_on < %(on)s and item_id %% 150 = 7 order by item_id
"""
CASES: Final = (
    """
insert into trail_wording (company_id, text, salt) values (%(company)s, 'Preis nicht wie bestellt', '\\x00'::bytea)
""",
    """
insert into disputes_case (company_id, customer_id, currency, reason, wording_id, opened_on, opened_at, opened_by_label)
select s.company_id, s.customer_id, s.currency,
       (array['price','quantity','quality','delivery','duplicate','already_paid','special_deal','other'])[1 + s.item_id %% 7],
       w.id, %(on)s::date - (s.item_id %% 60)::int, %(at)s, 'bench ' || s.item_id
from receivables_itemstate s
join (select max(id) as id from trail_wording where company_id = %(company)s) w on true
where s.company_id = %(company)s and s.open_minor > 0 and s.item_id %% 17 = 3
order by s.item_id limit %(items)s / 20
""",
    """
insert into disputes_caseitem (company_id, case_id, item_id, claimed_minor)
select c.company_id, c.id, s.item_id, s.open_minor
from disputes_case c
join receivables_itemstate s
  on s.company_id = c.company_id and s.item_id = substr(c.opened_by_label, 7)::bigint
where c.company_id = %(company)s order by c.id
""",
    """
insert into disputes_casestep (company_id, case_id, kind, wording_id, assignee_id, due_on, outcome, done_on, recorded_at,
                               done_by_label)
select c.company_id, c.id, 'opened', c.wording_id, k.salesperson_id, c.opened_on + 5, '', c.opened_on, c.opened_at, 'bench'
from disputes_case c
join receivables_customer k on k.company_id = c.company_id and k.id = c.customer_id
where c.company_id = %(company)s order by c.id
""",
    """
insert into disputes_casestate (company_id, case_id, customer_id, state, assignee_id, due_on, amount_minor, outcome,
                                last_step_at)
select c.company_id, c.id, c.customer_id, case c.id %% 5 when 0 then 'closed' when 1 then 'answered' else 'open' end,
       t.assignee_id, t.due_on, i.claimed_minor, case when c.id %% 5 < 2 then 'valid' else '' end, c.opened_at
from disputes_case c
join disputes_casestep t on t.company_id = c.company_id and t.case_id = c.id
join disputes_caseitem i on i.company_id = c.company_id and i.case_id = c.id
where c.company_id = %(company)s order by c.id
""",
)
"""One case for twenty items, each of one item and assigned to its customer's salesperson; a fifth is over."""


QUESTIONS: Final = """
insert into dunning_salesquestion (company_id, customer_id, run_id, level, place, strategy_version_id, items, asked_on, until_on,
                                   silence, asked_at)
select s.company_id, s.customer_id, (select max(id) from dunning_run), 1, 1, (select max(id) from dunning_strategyversion),
       array_agg(s.item_id order by s.item_id), %(on)s::date - 1, %(on)s::date + 2, 'release', %(at)s
from receivables_itemstate s
where s.company_id = %(company)s and s.open_minor > 0 and s.due_on < %(on)s and s.customer_id %% 10 = 3
group by s.company_id, s.customer_id order by s.customer_id
"""
"""A tenth of the customers wait for a word of sales."""


@dataclass(frozen=True, slots=True)
class Million:
    """The company's code, its manager, and ids of what can be asked for; the runs are the waiting and the approved one."""

    code: str
    manager: int
    salesperson: int
    run: int
    approved_run: int
    customer: int
    busy_customer: int
    item: int
    notice: int
    case: int
    lapses_in: int
    case_customer: int


def lay(items: int) -> Million:
    """The ground with so many items in one company and a tenth as many in another. Call ground.lay() before."""
    from debitora.people.models import User

    company = _company(items)
    _company(max(items // 10, 1000))
    ground.tidy()
    _runs(company)
    ground.tidy()
    return _known(company, manager=User.objects.get(login=f"manager.{company.code}").id)


def _company(items: int) -> Company:
    from django.db import connection, transaction

    from debitora.documents.actions import source
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now, today

    company = ground.found()
    sales = _people(company)
    at = now()
    with serving(company.id), transaction.atomic(), connection.cursor() as cursor:
        values = {
            "company": company.id, "items": items, "customers": items // PER_CUSTOMER, "sales": sales, "at": at,
            "on": today(company.time_zone), "source": source(company=company.id, kind="items", name="ERP", at=at).id,
        }  # fmt: skip
        for statement in (PARTIES, CUSTOMERS, ITEMS, ENTRIES, SETTLED, TERMS, STATES, HOLDS, *CASES):
            cursor.execute(statement, values)
    return company


def _runs(company: Company) -> None:
    """One run that was approved, and one over the same items that waits; and questions to sales."""
    from django.db import connection, transaction

    from debitora.dunning.actions import approve_run, propose_run
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now, today
    from debitora.trail.rules import system

    by, on = system("bench"), today(company.time_zone)
    with serving(company.id):
        first = propose_run(company=company, on=on, by=by, at=now())
        if first.run is None:
            raise RuntimeError("no run")
        approve_run(company=company.id, run=first.run, by=by, at=now(), confirmed=True)
        propose_run(company=company, on=on, by=by, at=now())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(QUESTIONS, {"company": company.id, "on": on, "at": now()})


def _known(company: Company, *, manager: int) -> Million:
    from django.db import transaction

    from debitora.kit.pg.bulk import rows
    from debitora.kit.pg.company import serving

    with serving(company.id), transaction.atomic():
        (found,) = rows(
            """select (select max(id) from dunning_run) as run,
                      (select min(id) from dunning_run) as approved_run,
                      (select customer_id from receivables_itemstate where open_minor > 0
                       order by due_on, item_id limit 1) as customer,
                      (select customer_id from receivables_itemstate group by 1 order by count(*) desc, 1 limit 1)
                          as busy_customer,
                      (select item_id from receivables_itemstate where open_minor > 0 order by due_on, item_id limit 1)
                          as item,
                      (select salesperson_id from receivables_customer order by id limit 1) as salesperson,
                      (select id from dunning_notice order by id limit 1) as notice,
                      (select max(arose_in) + 3 from receivables_opensum) as lapses_in,
                      (select min(case_id) from disputes_casestate) as case,
                      (select customer_id from disputes_casestate group by 1 order by count(*) desc, 1 limit 1)
                          as case_customer"""
        )
    return Million(code=company.code, manager=manager, **found)


def _people(company: Company) -> list[int]:
    """A manager and twenty salespeople; the ids of the latter."""
    from debitora.kit.runtime import now
    from debitora.people.actions import add_user, grant
    from debitora.trail.rules import system

    def person(login: str, role: str) -> int:
        user = add_user(
            login=f"{login}.{company.code}", name=login, password="bench-0815-bench", email=f"{login}@bench.example",
            language="de", at=now(),
        )  # fmt: skip
        grant(company=company, user=user, role=role, by=system("bench"), at=now())
        return int(user.id)

    person("manager", "manager")
    return [person(f"sales{one}", "sales") for one in range(20)]
