"""The peer's side of bench.peer: Tryton with its dunning module. Runs in the peer's own environment, by `python -O`.

    python -O peer_tryton.py prepare items.csv    # DAY customer,number,minor,issued,due: makes a company with these items
    python -O peer_tryton.py run DAY              # measured: duns them, prints one line of JSON

The address of the server stands in TRYTOND_DATABASE_URI, the name of the database in PEER_DATABASE. Preparing is not
measured, so moves are written by SQL; dunning goes through the module's own two wizards and nothing else.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import sys
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from time import perf_counter

from trytond.pool import Pool
from trytond.transaction import Transaction, TransactionError

DATABASE = os.environ["PEER_DATABASE"]
ROOT = 0
LEVELS = (5, 20, 40)
"""Days overdue from which on each level applies."""

MOVES = """
insert into account_move (number, company, period, journal, date, post_date, state, create_date, create_uid)
select t.number, %(company)s, p.id, %(journal)s, t.issued_on, t.issued_on, 'posted', now(), 1
from peer_items t join account_period p on t.issued_on between p.start_date and p.end_date
order by t.number
"""
LINES = """
insert into account_move_line (move, account, debit, credit, party, maturity_date, state, create_date, create_uid)
select m.id, %(receivable)s, t.amount, 0, t.party, t.due_on, 'valid', now(), 1
from peer_items t join account_move m on m.number = t.number
union all
select m.id, %(revenue)s, 0, t.amount, null, null, 'valid', now(), 1
from peer_items t join account_move m on m.number = t.number
"""


def prepare(path: str) -> None:
    """A company with chart, fiscal years and a procedure of three levels; customers and posted, open moves of the file."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        items = list(csv.DictReader(file))
    _serve(lambda company: _fill(company, items))
    with Transaction().start(DATABASE, ROOT, autocommit=True) as transaction:
        transaction.connection.cursor().execute("vacuum analyze")


def _fill(company, items: list[dict[str, str]]) -> None:
    _fiscal_years(company, sorted({item["issued_on"][:4] for item in items}))
    _moves(company, items, _parties(sorted({item["customer"] for item in items})))


def run(day: date) -> None:
    """Create the dunnings of the day and process them, by wizard as from the client; each committed."""
    _serve(lambda _company: None)
    begun = perf_counter()
    _serve(lambda company: _create(company, day))
    created = perf_counter()
    _serve(lambda _company: _process())
    ended = perf_counter()
    print(json.dumps(_outcome(begun, created, ended)))


def _create(company, day: date) -> None:
    _wizard("account.dunning.create", "create_", {"start": {"date": day, "companies": [company.id]}})


def _process() -> None:
    drafts = Pool().get("account.dunning").search([("state", "=", "draft")])
    with Transaction().set_context(active_model="account.dunning", active_ids=[each.id for each in drafts]):
        _wizard("account.dunning.process", "process", {})


def _wizard(name: str, state: str, data: dict[str, object]) -> None:
    wizard = Pool().get(name, type="wizard")
    session, _start, _end = wizard.create()
    wizard.execute(session, data, state)
    wizard.delete(session)


def _outcome(begun: float, created: float, ended: float) -> dict[str, object]:
    """Seconds of both wizards, and what stands in the database afterwards."""
    with Transaction().start(DATABASE, ROOT, readonly=True) as transaction:
        cursor = transaction.connection.cursor()
        cursor.execute(
            """select count(*), count(distinct l.party) from account_dunning d
               join account_dunning_level v on v.id = d.level join account_move_line l on l.id = d.line
               where d.state = 'waiting' and v.sequence = 1"""
        )
        items, customers = cursor.fetchone()
    return {
        "create": created - begun,
        "process": ended - created,
        "total": ended - begun,
        "items": items,
        "customers": customers,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _serve(work):
    """What `work(company)` gives, in a transaction as the administrator's, committed; begun anew for locks, as the server does."""
    administrator, extras = _administrator(), {}
    while True:
        try:
            with Transaction().start(DATABASE, administrator, **extras) as transaction:
                user_model = Pool().get("res.user")
                companies = Pool().get("company.company").search([])
                company = companies[0] if companies else _company()
                with transaction.set_context(user_model.get_preferences(context_only=True)):
                    return work(company)
        except TransactionError as locked:
            locked.fix(extras)


@cache
def _administrator() -> int:
    """The administrator's id; a new process learns the models first."""
    Pool.start()
    pool = Pool(DATABASE)
    with Transaction().start(DATABASE, ROOT, readonly=True):
        pool.init()
    with Transaction().start(DATABASE, ROOT, readonly=True):
        (found,) = pool.get("res.user").search([("login", "=", "admin")])
        return found.id


def _company():
    """A company in euros with the chart that the accounting module brings along."""
    from trytond.modules.account.tests.test_module import create_chart
    from trytond.modules.company.tests.test_module import create_company
    from trytond.modules.currency.tests.test_module import add_currency_rate, create_currency

    currency = create_currency("EUR")
    add_currency_rate(currency, 1)
    company = create_company("Bench GmbH", currency)
    user_model = Pool().get("res.user")
    user_model.write(
        [user_model(Transaction().user)], {"companies": [("add", [company.id])], "company": company.id}
    )
    with Transaction().set_context(user_model.get_preferences(context_only=True)):
        create_chart(company)
    return company


def _fiscal_years(company, years: list[str]) -> None:
    from trytond.modules.account.tests.test_module import get_fiscalyear

    for year in map(int, years):
        fiscal_year = get_fiscalyear(company, start_date=date(year, 1, 1), end_date=date(year, 12, 31))
        fiscal_year.save()
        type(fiscal_year).create_period([fiscal_year])


def _parties(numbers: list[str]) -> dict[str, int]:
    """Customers with the procedure, created in bulk; their ids by number."""
    procedure = _procedure()
    made = (
        Pool()
        .get("party.party")
        .create([{"name": f"Kunde {number}", "dunning_procedure": procedure} for number in numbers])
    )
    return {number: party.id for number, party in zip(numbers, made, strict=True)}


def _procedure() -> int:
    levels = [{"sequence": place, "overdue": timedelta(days)} for place, days in enumerate(LEVELS, start=1)]
    (made,) = (
        Pool().get("account.dunning.procedure").create([{"name": "Standard", "levels": [("create", levels)]}])
    )
    return made.id


def _moves(company, items: list[dict[str, str]], parties: dict[str, int]) -> None:
    pool = Pool()
    (journal,) = pool.get("account.journal").search([("code", "=", "REV")])
    account = pool.get("account.account")
    (receivable,) = account.search([("type.receivable", "=", True), ("party_required", "=", True)], limit=1)
    (revenue,) = account.search([("type.revenue", "=", True)], limit=1)
    cursor = Transaction().connection.cursor()
    cursor.execute(
        "create temp table peer_items (number text, party int, amount numeric, issued_on date, due_on date)"
    )
    with cursor.copy("copy peer_items from stdin") as copy:
        for item in items:
            amount = Decimal(item["minor"]).scaleb(-2)
            copy.write_row(
                (item["number"], parties[item["customer"]], amount, item["issued_on"], item["due_on"])
            )
    values = {
        "company": company.id, "journal": journal.id, "receivable": receivable.id, "revenue": revenue.id,
    }  # fmt: skip
    cursor.execute("analyze peer_items")
    cursor.execute(MOVES, values)
    cursor.execute("analyze account_move")
    cursor.execute(LINES, values)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
    else:
        run(date.fromisoformat(sys.argv[2]))
