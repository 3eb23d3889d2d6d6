"""Customers: saved in bulk from a list, edited one at a time, parked when something does not add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from debitora.kit.pg.bulk import stage
from debitora.receivables.actions.bulk import numbers, run
from debitora.receivables.actions.locks import lock_company, lock_customer
from debitora.receivables.models import Customer, Party
from debitora.receivables.rules.customers import KINDS, PARTY_FIELDS, CustomerRow
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.emails import is_address
from debitora.values.numbers import number_key

OWN_FIELDS: Final = ("kind", "language", "salesperson_id", "parent_id")
"""What of a customer can be edited beside the fields of her party."""
_MANY: Final = 50
"""From so many rows on, customers are saved by joining all of them at once."""


class CustomerListedTwice(Exception):
    """Two rows have the same number (without blanks, case and leading zeros)."""


class CustomerKindUnknown(Exception):
    """The kind is none of business, consumer and unknown."""


class StaleCustomer(Exception):
    """Someone else has changed the customer since she was read: read again."""


class FieldNotEditable(Exception):
    """No such field of a customer can be edited."""


class CustomerIsNotHerOwnParent(Exception):
    """A customer cannot be the parent of herself."""


class ParentUnknown(Exception):
    """No customer of this company has the parent's id."""


class NotAnAddress(Exception):
    """A text is no e-mail address; the exception's text names the customer's id."""


@dataclass(frozen=True, slots=True)
class CustomersSaved:
    """What a customer list changed: counts, ids by number key, and numbers of parents that nobody has."""

    created: int
    changed: int
    unchanged: int
    ids: Mapping[str, int]
    unknown_parents: tuple[str, ...]


def save_customers(*, company: int, rows: Sequence[CustomerRow], by: Actor, at: datetime) -> CustomersSaved:
    """This will create and change customers by number, set-wise. An empty cell never blanks a filled field.

    A parent is found among the rows and the customers known. Raises CustomerListedTwice and CustomerKindUnknown.
    """
    keys = [number_key(row.number) for row in rows]
    _refuse_rows(rows, keys)
    with transaction.atomic(), connection.cursor() as cursor:
        lock_company(company=company)
        stage(_frame(rows, keys), "customer_row")
        run(cursor, "customers/lock", company=company)
        created = run(cursor, "customers/create", company=company, at=at)
        changed = _change(cursor, company, at, rows=len(rows))
        cursor.execute(
            "select r.customer_key, c.id from customer_row r join receivables_customer c"
            " on c.company_id = %s and c.number_key = r.customer_key",
            [company],
        )
        ids = dict(cursor.fetchall())
        touched = numbers(cursor, "customers/touched", company=company)
        saved = CustomersSaved(
            created, changed, len(rows) - created - changed, ids, _lost_parents(cursor, company)
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="customers.saved",
            subjects=[Subject("customer", customer, customer=customer) for customer in touched],
            facts={"created": created, "changed": changed, "unchanged": saved.unchanged},
        )
    return saved


def _change(cursor: Any, company: int, at: datetime, *, rows: int) -> int:
    """Change who is known already. Many rows are joined whole: of a company that is just being filled the planner knows no
    sizes, and would look through all customers for each of them.
    """
    if rows >= _MANY:
        cursor.execute("set local enable_nestloop = off")
    changed = run(cursor, "customers/change", company=company, at=at)
    cursor.execute("set local enable_nestloop = on")
    return changed


def edit_customer(
    *, company: int, customer: int, version: int, changes: Mapping[str, Any], by: Actor, at: datetime
) -> Customer:
    """This will change fields of a customer (those of PartyFacts and OWN_FIELDS), blank ones included.

    `version` is the one that was read. Raises CustomerUnknown, StaleCustomer, FieldNotEditable, CustomerKindUnknown,
    NotAnAddress, CustomerIsNotHerOwnParent and ParentUnknown.
    """
    _refuse_changes(company, customer, changes)
    with transaction.atomic():
        row = lock_customer(company=company, customer=customer)
        if row.version != version:
            raise StaleCustomer(f"version {version}, now {row.version}")
        fields = _differing(row, changes)
        if not fields:
            return row
        _write(row, {name: changes[name] for name in fields}, at)
        record(
            company=company,
            by=by,
            at=at,
            verb="customer.edited",
            subjects=[Subject("customer", customer, customer=customer)],
            facts={"fields": fields},
        )
    return row


def complete_recipients(*, company: int, emails: Mapping[int, str], by: Actor, at: datetime) -> int:
    """This will give customers (by id) their e-mail address, as one action; returns how many changed.

    Raises NotAnAddress before anything is changed. Unknown ids are passed over.
    """
    for customer, address in emails.items():
        if not is_address(address):
            raise NotAnAddress(str(customer))
    frame = pl.DataFrame(
        sorted(emails.items()), schema={"customer_id": pl.Int64, "email": pl.String}, orient="row"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        stage(frame, "recipient")
        changed = numbers(cursor, "customers/complete_recipients", company=company, at=at)
        record(
            company=company,
            by=by,
            at=at,
            verb="recipients.completed",
            subjects=[Subject("customer", customer, customer=customer) for customer in changed],
            facts={"customers": len(changed)},
        )
    return len(changed)


def park_customer(*, company: int, customer: int, reason: str, by: Actor, at: datetime) -> Customer:
    """This will stop everything that is sent to a customer until a person has looked; `reason` is a code.

    Parking again keeps the first reason. Raises CustomerUnknown.
    """
    return _park(company, customer, at, reason, by=by, at=at, verb="customer.parked")


def unpark_customer(*, company: int, customer: int, by: Actor, at: datetime) -> Customer:
    """This will let a parked customer be written to again. Raises CustomerUnknown."""
    return _park(company, customer, None, "", by=by, at=at, verb="customer.unparked")


def _park(
    company: int, customer: int, since: datetime | None, reason: str, *, by: Actor, at: datetime, verb: str
) -> Customer:
    with transaction.atomic():
        row = lock_customer(company=company, customer=customer)
        if (row.parked_at is None) == (since is None):
            return row
        row.parked_at, row.parked_reason = since, reason[:40]
        row.save(update_fields=["parked_at", "parked_reason"])
        subjects = [Subject("customer", customer, customer=customer)]
        facts = {"reason": reason} if reason else {}
        record(company=company, by=by, at=at, verb=verb, subjects=subjects, facts=facts)
    return row


def _refuse_rows(rows: Sequence[CustomerRow], keys: Sequence[str]) -> None:
    seen: set[str] = set()
    for row, key in zip(rows, keys, strict=True):
        if key in seen:
            raise CustomerListedTwice(row.number)
        if row.kind not in KINDS:
            raise CustomerKindUnknown(row.kind)
        seen.add(key)


def _frame(rows: Sequence[CustomerRow], keys: Sequence[str]) -> pl.DataFrame:
    names = [*PARTY_FIELDS, "number", "kind", "language"]
    schema = {
        "customer_key": pl.String,
        "parent_key": pl.String,
        "salesperson_id": pl.Int64,
        **dict.fromkeys(names, pl.String),
    }
    lines = [
        (key, number_key(row.parent_number), row.salesperson_id, *(getattr(row, name) for name in names))
        for row, key in zip(rows, keys, strict=True)
    ]
    return pl.DataFrame(lines, schema=schema, orient="row")


def _lost_parents(cursor: Any, company: int) -> tuple[str, ...]:
    cursor.execute(
        "select distinct r.parent_key from customer_row r left join receivables_customer c"
        " on c.company_id = %s and c.number_key = r.parent_key"
        " where r.parent_key <> '' and c.id is null order by 1",
        [company],
    )
    return tuple(key for (key,) in cursor.fetchall())


def _refuse_changes(company: int, customer: int, changes: Mapping[str, Any]) -> None:
    for name in changes:
        if name not in PARTY_FIELDS and name not in OWN_FIELDS:
            raise FieldNotEditable(name)
    if changes.get("kind", "unknown") not in KINDS:
        raise CustomerKindUnknown(changes["kind"])
    if changes.get("email") and not is_address(changes["email"]):
        raise NotAnAddress(str(customer))
    parent = changes.get("parent_id")
    if parent == customer:
        raise CustomerIsNotHerOwnParent(customer)
    if parent is not None and not Customer.objects.filter(company_id=company, id=parent).exists():
        raise ParentUnknown(parent)


def _differing(row: Customer, changes: Mapping[str, Any]) -> list[str]:
    return [
        name
        for name, value in changes.items()
        if value != getattr(row.party if name in PARTY_FIELDS else row, name)
    ]


def _write(row: Customer, changes: Mapping[str, Any], at: datetime) -> None:
    """A changed name or address is a new party row; the old one stays for what was sent to it."""
    party = {name: changes[name] for name in changes if name in PARTY_FIELDS}
    if party:
        known = {name: getattr(row.party, name) for name in PARTY_FIELDS}
        row.party = Party.objects.create(company_id=row.company_id, recorded_at=at, **{**known, **party})
    for name in changes.keys() - party.keys():
        setattr(row, name, changes[name])
    row.version += 1
    row.save(update_fields=["party", *OWN_FIELDS, "version"])
