"""The company that is being served: a context variable that every transaction hands to row-level security."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
from psycopg.pq import TransactionStatus

current_company: ContextVar[int | None] = ContextVar("debitora_company", default=None)


@contextmanager
def serving(company_id: int) -> Iterator[None]:
    """Serve one company within the block: each transaction begun there sees and writes only its rows.

    Inside a transaction that is already open the setting changes at once and is put back on leaving.
    """
    before = current_company.get()
    token = current_company.set(company_id)
    try:
        _tell_open_transaction(company_id)
        yield
    finally:
        current_company.reset(token)
        _tell_open_transaction(before)


def _tell_open_transaction(company_id: int | None) -> None:
    if connection.connection is None or not connection.in_atomic_block:
        return
    if connection.connection.info.transaction_status == TransactionStatus.INTRANS:
        with connection.cursor() as cursor:
            tell_company(cursor, company_id)


def tell_company(cursor: Cursor[Any] | CursorWrapper, company_id: int | None) -> None:
    """Set `app.company` until the end of the transaction; without a company every walled table answers an error."""
    text = "" if company_id is None else str(company_id)
    cursor.execute("select set_config('app.company', %s, true)", [text])
