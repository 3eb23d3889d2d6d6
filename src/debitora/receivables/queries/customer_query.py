"""The query string of the customers' list, read: for the list itself and for whoever works on what it finds."""

from __future__ import annotations

from django.http import QueryDict

from debitora.kit.narrowing import one_of, text_of, whole, yes_no
from debitora.receivables.models.customers import KINDS
from debitora.receivables.queries.customers import CustomerFilters


def customer_filters(query: QueryDict) -> CustomerFilters:
    """What the list is narrowed to; what the query does not know narrows nothing."""
    return CustomerFilters(
        text=text_of(query, "text"),
        kind=one_of(query, "kind", KINDS),
        salesperson=whole(query, "salesperson"),
        parked=yes_no(query, "parked"),
        overdue=yes_no(query, "overdue"),
        reachable=yes_no(query, "reachable"),
        held=yes_no(query, "held"),
    )
