"""The customer list: who the debtors are, where their mail goes, and who looks after them."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from debitora.exchange.actions.reading import Opened, rows_of_customers
from debitora.formats.faults import Faults
from debitora.people.models import Company
from debitora.people.queries import members
from debitora.receivables.actions import save_customers
from debitora.receivables.rules.customers import CustomerRow
from debitora.trail.rules import Actor


def preview_customers(opened: Opened) -> tuple[str, int, dict[str, int], Faults]:
    """State (previewed, refused), rows read, counts, and what could not be read."""
    rows, faults = rows_of_customers(opened)
    if rows is None or faults.hindering:
        return "refused", rows.read if rows else 0, {}, faults
    frame = rows.frame
    counts = {
        "customers": frame.height,
        "with_email": frame.filter(pl.col("email") != "").height,
        "with_address": frame.filter((pl.col("street") != "") & (pl.col("city") != "")).height,
    }
    return "previewed", rows.read, counts, faults


def apply_customers(*, company: Company, opened: Opened, by: Actor, at: datetime) -> dict[str, int]:
    """Save the customers of a list; an empty cell never empties what is known."""
    rows, _faults = rows_of_customers(opened)
    if rows is None:
        return {"created": 0, "changed": 0, "unchanged": 0}
    salespeople = _salespeople(company)
    wanted = [_row(found, salespeople) for found in rows.frame.iter_rows(named=True)]
    saved = save_customers(company=company.id, rows=wanted, by=by, at=at)
    return {"created": saved.created, "changed": saved.changed, "unchanged": saved.unchanged}


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
