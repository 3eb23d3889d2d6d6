"""Where a mail of the inbox may belong: whom it names, and whom somebody means who looks for its case or its customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from debitora.disputes.models import Case
from debitora.disputes.queries.inbox import pending_numbers
from debitora.disputes.rules.replies import numbers_in
from debitora.kit.pg.bulk import rows
from debitora.kit.ways import whole_number
from debitora.receivables.models import Customer
from debitora.receivables.queries.items import as_pattern
from debitora.values.numbers import number_key

MOST_SUGGESTED: Final = 4
MOST_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A customer whom a mail may be about: the numbers of hers that it names, each with its item (None: her own number), and her
    pending cases with their items' numbers."""

    customer: int
    number: str
    name: str
    named: list[tuple[str, int | None]]
    cases: dict[int, list[str]]


def suggestions(*, text: str, sender: int | None) -> list[Suggestion]:
    """Whose numbers stand in the mail, and the customer whose address sent it: the sender in front, then whom it names most."""
    found = rows(
        """
        with named as (
            select i.customer_id, i.number, i.id as item from receivables_item i
            where i.company_id = current_setting('app.company')::bigint and i.number_key = any(%(keys)s::text[])
            union
            select k.id, k.number, null from receivables_customer k
            where k.company_id = current_setting('app.company')::bigint and k.number_key = any(%(keys)s::text[])
            union
            select %(sender)s::bigint, null, null where %(sender)s::bigint is not null
        )
        select k.id as customer, k.number, p.name,
               coalesce(array_agg(n.number order by n.number, n.item) filter (where n.number is not null), '{}') as numbers,
               coalesce(array_agg(n.item order by n.number, n.item) filter (where n.number is not null), '{}') as items
        from named n
        join receivables_customer k on k.company_id = current_setting('app.company')::bigint and k.id = n.customer_id
        join receivables_party p on p.company_id = k.company_id and p.id = k.party_id
        group by k.id, k.number, k.number_key, p.name
        order by (k.id = %(sender)s::bigint) is true desc, count(*) desc, k.number_key, k.id
        limit %(most)s""",
        keys=numbers_in(text),
        sender=sender,
        most=MOST_SUGGESTED,
    )
    pending = pending_numbers(customers=[row["customer"] for row in found])
    return [
        Suggestion(
            customer=row["customer"],
            number=row["number"],
            name=row["name"],
            named=list(zip(row["numbers"], row["items"], strict=True)),
            cases=_by_case(pending.get(row["customer"], [])),
        )
        for row in found
    ]


def _by_case(numbers: list[tuple[str, int]]) -> dict[int, list[str]]:
    cases: dict[int, list[str]] = {}
    for number, case in sorted(numbers, key=lambda one: (one[1], one[0])):
        cases.setdefault(case, []).append(number)
    return cases


def case_of_number(*, text: str) -> Case | None:
    """The case of that number, if it is one."""
    known = whole_number(text)
    return Case.objects.filter(id=known).first() if known is not None else None


def customers_like(*, text: str) -> list[Customer]:
    """The customer of just that number; else those whose number begins so or whose name says it, one more than MOST_NAMED at most."""
    exact = Customer.objects.filter(number_key=number_key(text)).select_related("party")
    if found := list(exact):
        return found
    likely = rows(
        "select c as id from receivables_find_customers(%(key)s, %(name)s) c limit %(most)s",
        key=number_key(text),
        name=as_pattern(text),
        most=MOST_NAMED + 1,
    )
    ids = [row["id"] for row in likely]
    return list(Customer.objects.filter(id__in=ids).select_related("party").order_by("number_key", "id"))
