"""A ledger of any size put straight into the tables, for benchmarks to which it does not matter how it came there.

As the superuser and without triggers: what those would check is right by construction, what they would add up is added here. Seeded by the row's number, so the
same size is the same ledger. One item in three is overdue, one in fifty a credit, one customer in a hundred is held.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from bench.lists import DAY

if TYPE_CHECKING:
    import psycopg

    from debitora.people.models import Company

ITEMS_PER_CUSTOMER = 10
_BLOCK = 500_000
AT = "2026-11-18 06:00+00"
_NUMBERED = (
    "receivables_party",
    "receivables_customer",
    "receivables_item",
    "receivables_entry",
    "receivables_terms",
)
_SUMS = """
    insert into receivables_opensum (company_id, currency, due_on, arose_in, credit, items, minor)
    select company_id, currency, due_on, extract(year from arose_on), open_minor < 0, count(*), sum(open_minor)
    from receivables_itemstate where company_id = %s
    group by company_id, currency, due_on, extract(year from arose_on), open_minor < 0"""


def plant(company: Company, *, items: int) -> None:
    """Give a company so many open items, ten a customer, a third of them overdue on bench.lists.DAY."""
    import psycopg
    from django.db import connection, transaction

    from debitora.documents.actions import source
    from debitora.kit.pg.cluster import server
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now

    with serving(company.id), transaction.atomic():
        of = source(company=company.id, kind="items", name="bench", at=now())
    found = server().credentials("superuser", str(connection.settings_dict["NAME"]))
    with psycopg.connect(**found.kwargs()) as planter:
        planter.execute("set session_replication_role = replica")
        first = {table: _last(planter, table) + 1 for table in _NUMBERED}
        customers = max(1, items // ITEMS_PER_CUSTOMER)
        _customers(planter, company.id, customers, first)
        for rows in _drawn(items, customers):
            _items(planter, company.id, of.id, rows, first)
        planter.execute(_SUMS, [company.id])
        for table in _NUMBERED:
            planter.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), {_last(planter, table) + 1})".encode()
            )
    with psycopg.connect(**found.kwargs(), autocommit=True) as keeper:
        keeper.execute("vacuum analyze")


def _last(planter: psycopg.Connection[Any], table: str) -> int:
    row = planter.execute(f"select coalesce(max(id), 0) from {table}".encode()).fetchone()
    return int(row[0]) if row else 0


def _customers(planter: psycopg.Connection[Any], company: int, count: int, first: dict[str, int]) -> None:
    row = pl.int_range(count, eager=True).alias("row").to_frame()
    party, customer, number = (
        first["receivables_party"],
        first["receivables_customer"],
        pl.col("row") + 10_000,
    )
    _copy(
        planter,
        "receivables_party",
        row.select(
            id=pl.col("row") + party,
            company_id=company,
            name=pl.format("Debtor {} GmbH", number),
            contact_name=pl.lit(""),
            street=pl.format("Weg {}", pl.col("row") % 200 + 1),
            postcode=pl.lit("10115"),
            city=pl.lit("Berlin"),
            country=pl.lit("DE"),
            email=pl.format("debtor{}@bench.example", number),
            phone=pl.lit(""),
            recorded_at=pl.lit(AT),
        ),
    )
    _copy(
        planter,
        "receivables_customer",
        row.select(
            id=pl.col("row") + customer,
            company_id=company,
            number=number.cast(pl.String),
            number_key=number.cast(pl.String),
            party_id=pl.col("row") + party,
            kind=pl.when(pl.col("row") % 4 < 3).then(pl.lit("business")).otherwise(pl.lit("consumer")),
            language=pl.lit("de"),
            parked_reason=pl.lit(""),
            version=1,
            recorded_at=pl.lit(AT),
        ),
    )
    held = row.filter(pl.col("row") % 100 == 7)
    _copy(
        planter,
        "receivables_hold",
        held.select(
            company_id=company,
            customer_id=pl.col("row") + customer,
            reason=pl.lit("complaint"),
            from_on=pl.lit(DAY - timedelta(days=3)),
            placed_by_label=pl.lit("bench"),
            recorded_at=pl.lit(AT),
        ),
    )


def _drawn(items: int, customers: int) -> Iterator[pl.DataFrame]:
    """Blocks of rows: number, customer, due day, minor units, currency."""
    for start in range(0, items, _BLOCK):
        row = pl.int_range(start, min(start + _BLOCK, items), eager=True).alias("row")
        drawn = row.hash(seed=1) % 2**40
        due = (
            pl.when(pl.col("draw") % 3 == 0)
            .then(-1 - pl.col("draw") // 3 % 90)
            .otherwise(pl.col("draw") // 3 % 45)
        )
        minor = 2_000 + pl.col("draw") // 270 % 500_000
        yield (
            pl.DataFrame({"row": row, "draw": drawn.cast(pl.Int64)})
            .with_columns(
                customer=(pl.col("row") * 7_919 + pl.col("draw") % 5) % customers,
                due_on=pl.lit(DAY) + pl.duration(days=due),
                minor=pl.when(pl.col("draw") // 97 % 50 == 0).then(-minor).otherwise(minor),
            )
            .drop("draw")
        )


def _items(
    planter: psycopg.Connection[Any], company: int, source: int, rows: pl.DataFrame, first: dict[str, int]
) -> None:
    item = pl.col("row") + first["receivables_item"]
    customer = pl.col("customer") + first["receivables_customer"]
    common = {"company_id": pl.lit(company), "effective_on": pl.lit(DAY), "recorded_at": pl.lit(AT)}
    number = pl.col("row") + 4_000_000
    _copy(
        planter,
        "receivables_item",
        rows.select(
            **common,
            id=item,
            source_id=source,
            customer_id=customer,
            kind=pl.when(pl.col("minor") > 0).then(pl.lit("invoice")).otherwise(pl.lit("credit")),
            number=pl.format("R-{}", number),
            number_key=pl.format("R-{}", number),
            position=pl.lit(""),
            currency=pl.lit("EUR"),
            amount_minor="minor",
            issued_on=pl.col("due_on") - pl.duration(days=30),
            order_reference=pl.lit(""),
            product_group=pl.lit(""),
        ),
    )
    _copy(
        planter,
        "receivables_itemstate",
        rows.select(
            item_id=item,
            company_id=company,
            customer_id=customer,
            source_id=source,
            currency=pl.lit("EUR"),
            raised_minor="minor",
            open_minor="minor",
            issued_on=pl.col("due_on") - pl.duration(days=30),
            due_on="due_on",
            level=0,
            list_behind=False,
        ),
    )
    entry, terms = pl.col("row") + first["receivables_entry"], pl.col("row") + first["receivables_terms"]
    opened = rows.select(**common, id=entry, item_id=item, kind=pl.lit("opened"), amount_minor="minor")
    _copy(planter, "receivables_entry", opened)
    _copy(planter, "receivables_terms", rows.select(**common, id=terms, item_id=item, due_on="due_on"))


def _copy(planter: psycopg.Connection[Any], table: str, rows: pl.DataFrame) -> None:
    """Empty texts are written quoted, so that they do not arrive as null."""
    copied = f"copy {table} ({', '.join(rows.columns)}) from stdin (format csv)"
    with planter.cursor() as cursor, cursor.copy(copied.encode()) as copy:
        copy.write(rows.write_csv(include_header=False, quote_style="non_numeric").encode())
