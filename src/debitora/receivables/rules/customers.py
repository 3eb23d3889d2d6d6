"""A customer as a list or a form brings it, and how it meets what is known: an empty cell never blanks a filled field."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

KINDS: Final = ("business", "consumer", "unknown")


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One row of a customer list. Empty text, None and the kind "unknown" say nothing about their field."""

    number: str
    name: str = ""
    contact_name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    kind: str = "unknown"
    language: str = ""
    salesperson_id: int | None = None
    parent_number: str = ""


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """Name and addresses of a customer: what a party row holds."""

    name: str = ""
    contact_name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


PARTY_FIELDS: Final = tuple(field.name for field in fields(PartyFacts))
