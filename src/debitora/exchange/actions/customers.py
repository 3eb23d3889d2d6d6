"""The customer list: who the debtors are, where their mail goes, and who looks after them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from django.db import transaction

from debitora.exchange.actions.reading import Opened, rows_of_customers
from debitora.formats.faults import Faults
from debitora.people.models import Company
from debitora.people.queries import members
from debitora.receivables.actions import CustomersSaved, save_customers
from debitora.receivables.rules.customers import CustomerRow
from debitora.trail.rules import Actor, system

MOST_STRANGERS = 20


@dataclass(frozen=True, slots=True)
class CustomersPreview:
    """What a customer list would do. strangers: salespeople it names whom the company does not know, at most 20."""

    state: str
    read: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    strangers: tuple[str, ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    skipped_lines: tuple[tuple[int, str], ...] = ()


def preview_customers(*, company: Company, opened: Opened, at: datetime) -> CustomersPreview:
    """Save the customers and take it back: the counts are those of a real import. State: previewed, nothing, refused."""
    rows, faults = rows_of_customers(opened)
    if rows is None or faults.hindering:
        return CustomersPreview("refused", rows.read if rows else 0, faults=faults)
    salespeople = _salespeople(company)
    with transaction.atomic():
        saved = _save(company, rows.frame, salespeople, system("exchange.preview"), at)
        transaction.set_rollback(True)
    named = rows.frame["salesperson"].unique().sort().to_list()
    strangers = [name for name in named if name and name.casefold() not in salespeople]
    return CustomersPreview(
        state="previewed" if saved.created or saved.changed else "nothing",
        read=rows.read,
        counts=_counts(saved, rows.frame),
        faults=faults,
        strangers=tuple(strangers[:MOST_STRANGERS]),
        skipped=rows.skipped.counts,
        skipped_lines=rows.skipped.lines,
    )


def apply_customers(*, company: Company, opened: Opened, by: Actor, at: datetime) -> dict[str, int]:
    """Save the customers of a list; an empty cell never empties what is known."""
    rows, _faults = rows_of_customers(opened)
    if rows is None:
        return {"created": 0, "changed": 0, "unchanged": 0}
    return _counts(_save(company, rows.frame, _salespeople(company), by, at), rows.frame)


def _save(
    company: Company, frame: pl.DataFrame, salespeople: dict[str, int], by: Actor, at: datetime
) -> CustomersSaved:
    """A customer that stands in several company codes counts by her first row."""
    once = frame.unique("customer_key", keep="first", maintain_order=True)
    wanted = [_row(found, salespeople) for found in once.iter_rows(named=True)]
    return save_customers(company=company.id, rows=wanted, by=by, at=at)


def _counts(saved: CustomersSaved, frame: pl.DataFrame) -> dict[str, int]:
    return {
        "created": saved.created,
        "changed": saved.changed,
        "unchanged": saved.unchanged,
        "without_email": frame.filter(pl.col("email") == "").height,
        "without_address": frame.filter((pl.col("street") == "") | (pl.col("city") == "")).height,
    }


def _salespeople(company: Company) -> dict[str, int]:
    """Login, name or address of everybody who may own customers -> user id."""
    return {
        key.casefold(): member.user_id
        for member in members(company=company)
        for key in (member.login, member.name, member.email)
        if key
    }


def _row(found: dict[str, str], salespeople: dict[str, int]) -> CustomerRow:
    return CustomerRow(
        number=found["customer_number"],
        name=found["customer_name"],
        street=found["street"],
        postcode=found["postcode"],
        city=found["city"],
        country=found["country"],
        email=found["email"],
        language=found["language"],
        kind=found["customer_kind"] or "unknown",
        salesperson_id=salespeople.get(found["salesperson"].casefold()),
        parent_number=found["parent_number"],
    )
