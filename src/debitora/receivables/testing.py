"""Builders for tests: the smallest believable customer, item and list."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import polars as pl

from debitora.documents.actions import source
from debitora.engine.lists import LISTED, diff
from debitora.receivables.actions import ListApplied, NewItem, apply_list, open_item, save_customers
from debitora.receivables.actions.documents import NewDocument, add_documents
from debitora.receivables.models import Item, ItemDocument
from debitora.receivables.queries import known_items
from debitora.receivables.rules.customers import CustomerRow
from debitora.trail.rules import system
from debitora.values.money import Money

TESTS = system("tests")
MOMENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 18)


def a_source(company: int, name: str = "ERP") -> int:
    """The id of an items source of that name."""
    return source(company=company, kind="items", name=name, at=MOMENT).id


def a_customer(company: int, number: str = "10001", **fields: Any) -> int:
    """The id of a customer with that number; fields as of CustomerRow."""
    row = CustomerRow(number=number, **{"name": f"Customer {number}", **fields})
    saved = save_customers(company=company, rows=[row], by=TESTS, at=MOMENT)
    return next(iter(saved.ids.values()))


def an_open_item(
    company: int,
    customer: int,
    *,
    number: str = "R-1",
    minor: int = 10_000,
    currency: str = "EUR",
    due_on: date = date(2026, 11, 1),
    kind: str = "",
    order: str = "",
    group: str = "",
    issued_on: date | None = None,
    on: date = ON,
    at: datetime = MOMENT,
) -> Item:
    """An open item: an invoice, or a credit if `minor` is below zero."""
    new = NewItem(
        kind=kind or ("invoice" if minor > 0 else "credit"),
        number=number,
        amount=Money(minor, currency),
        due_on=due_on,
        order_reference=order,
        product_group=group,
        issued_on=issued_on,
    )
    return open_item(
        company=company,
        source=a_source(company, "by hand"),
        customer=customer,
        item=new,
        on=on,
        by=TESTS,
        at=at,
    )


def a_listed(
    rows: Iterable[tuple[str, int]],
    *,
    customer: str = "10001",
    due_on: date = date(2026, 11, 1),
    group: str = "",
) -> pl.DataFrame:
    """A list of (number, open minor units) of one customer, in EUR."""
    lines = [
        {
            "customer_number": customer,
            "customer_name": f"Customer {customer}",
            "number": number,
            "position": "",
            "currency": "EUR",
            "open_minor": minor,
            "due_on": due_on,
            "issued_on": None,
            "order_reference": "",
            "product_group": group,
        }
        for number, minor in rows
    ]
    return pl.DataFrame(lines, schema=dict(LISTED))


def apply_listed(
    company: int,
    listed: pl.DataFrame,
    *,
    list_import: int = 1,
    on: date = ON,
    name: str = "ERP",
    at: datetime = MOMENT,
) -> ListApplied:
    """Compare a list with what the source knows, and apply it."""
    erp = a_source(company, name)
    return apply_list(
        company=company,
        source=erp,
        list_import=list_import,
        changes=diff(listed, known_items(source=erp)),
        on=on,
        by=TESTS,
        at=at,
    )


def an_invoice_pdf(words: str, pages: int = 1) -> bytes:
    """A PDF of blank pages; `words` makes its bytes its own."""
    pdf, out = pikepdf.Pdf.new(), io.BytesIO()
    for _page in range(pages):
        pdf.add_blank_page()
    pdf.docinfo["/Title"] = words
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def copies_kept(item: Item, *words: str, pages: int = 1) -> list[ItemDocument]:
    """Copies of an invoice kept with its item, named after their words."""
    files = [NewDocument(f"{word}.pdf", an_invoice_pdf(word, pages)) for word in words]
    return add_documents(company=item.company_id, item=item.id, files=files, by=TESTS, at=MOMENT)
