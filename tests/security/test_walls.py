"""W04: the second wall alone. No filter of ours stands between these queries and the tables: row-level security does."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, models, transaction

from debitora.kit.pg.company import current_company, serving
from tests.security.addresses import company_models
from tests.security.population import House

MODELS = company_models()
_TABLES = """select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p', 'v') and a.attname = 'company_id' and c.relnamespace = 'public'::regnamespace
    and not c.relispartition and c.relname <> 'people_grant'"""


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_w04_a_query_without_a_filter_sees_one_company(
    acme: House, umbra: House, model: type[models.Model]
) -> None:
    for house in (acme, umbra, acme):
        with serving(house.company.id), transaction.atomic():
            found = set(model._default_manager.values_list("company_id", flat=True).distinct())
        assert found <= {house.company.id}


def test_w04_most_tables_hold_something_of_both(acme: House, umbra: House) -> None:
    """Else the test above would prove nothing."""
    empty = []
    for model in MODELS:
        for house in (acme, umbra):
            with serving(house.company.id):
                if not model._default_manager.exists():
                    empty.append(model._meta.label)
    assert len(set(empty)) <= 4, sorted(set(empty))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_w04_without_a_company_a_query_fails_loudly(acme: House, model: type[models.Model]) -> None:
    assert current_company.get() is None
    with pytest.raises(DataError), transaction.atomic():
        list(model._default_manager.all()[:1])


def test_w04_no_table_of_a_company_was_forgotten(acme: House, umbra: House) -> None:
    """The catalogue names every table with a company; each answers raw SQL with one company's rows only."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [row[0] for row in cursor.fetchall()]
    assert len(tables) >= len(MODELS)
    for table in tables:
        with serving(acme.company.id), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table} where company_id <> %s", [acme.company.id])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize("statement", ["update {} set company_id = company_id", "delete from {}"])
def test_w04_writes_without_a_filter_leave_the_other_company_alone(
    acme: House, umbra: House, statement: str
) -> None:
    with serving(acme.company.id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("messaging_allowedrecipient"))
        assert cursor.rowcount > 0
    with serving(umbra.company.id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from messaging_allowedrecipient")
        assert cursor.fetchone() == (1,)
