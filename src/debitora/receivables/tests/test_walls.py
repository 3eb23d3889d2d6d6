"""What was written stays written: refused to the application by grant, to everybody by trigger (TRUST A01)."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from debitora.kit.pg.company import serving
from debitora.kit.postgres import Server
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item

APPEND_ONLY = (
    "item",
    "terms",
    "entry",
    "allocation",
    "hold",
    "holdrelease",
    "levelevent",
    "listmark",
    "itemgroup",
)
KEPT = ("customer", "party", "itemstate")
ATTEMPTS = [
    *[(table, verb) for table in APPEND_ONLY for verb in ("update", "delete", "truncate")],
    *[(table, verb) for table in KEPT for verb in ("delete", "truncate")],
]
WORDS = {
    "update": "update receivables_{} set company_id = company_id",
    "delete": "delete from receivables_{}",
    "truncate": "truncate receivables_{} cascade",
}


@pytest.mark.parametrize(("table", "verb"), ATTEMPTS)
def test_the_application_may_not(company: Company, table: str, verb: str) -> None:
    an_open_item(company.id, a_customer(company.id))
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(WORDS[verb].format(table))


def test_not_even_the_owner_may(committed: str, server: Server) -> None:
    with psycopg.connect(**server.credentials("owner", committed).kwargs(), autocommit=True) as owner:
        for table, verb in ATTEMPTS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                owner.execute(WORDS[verb].format(table))


def test_nobody_sees_or_writes_another_companys_rows(company: Company, other_company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    with serving(other_company.id), connection.cursor() as cursor:
        for table in (*APPEND_ONLY, *KEPT):
            cursor.execute(f"select count(*) from receivables_{table}")
            assert cursor.fetchone() == (0,)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            an_open_item(company.id, item.customer_id, number="R-2")


def test_without_a_company_nothing_is_answered(company: Company) -> None:
    an_open_item(company.id, a_customer(company.id))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('app.company', '', true)")
        with pytest.raises(DatabaseError):
            cursor.execute("select count(*) from receivables_item")
        transaction.set_rollback(True)


@pytest.mark.parametrize("rows", [2, 1_500])
@pytest.mark.parametrize("lost", ["unknown", "another company's"])
def test_references_hold_for_few_rows_and_for_many(
    company: Company, other_company: Company, rows: int, lost: str
) -> None:
    """Both ways of looking items up refuse: one by one, and by one pass over their range."""
    item = an_open_item(company.id, a_customer(company.id)).id
    with serving(other_company.id), transaction.atomic():
        foreign = an_open_item(other_company.id, a_customer(other_company.id)).id
    insert = """insert into receivables_terms (company_id, item_id, due_on, effective_on, recorded_at)
        select %s, case when row = 1 then %s else %s end, '2026-01-01', '2026-01-01', now() from generate_series(1, %s) row"""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insert, [company.id, item, item, rows])
        wrong = foreign if lost != "unknown" else foreign + 1_000
        with pytest.raises(DatabaseError, match="item_id names no row"), transaction.atomic():
            cursor.execute(insert, [company.id, wrong, item, rows])
        cursor.execute("show enable_nestloop")
        assert cursor.fetchone() == ("on",)
