"""What a dossier tells of a customer: read from the rooms below, each list with one row more than is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.disputes.queries.cases import CaseFilters, CaseRow, cases_page
from debitora.dunning.queries.lists import NoticeFilters, NoticeRow, notices_page
from debitora.receivables.queries import CustomerSheet, HoldRow, ItemRow, customer_sheet, holds_in_force
from debitora.receivables.queries.agreements import AgreementRow, agreements_of_customer
from debitora.receivables.queries.contacts import contacts_of
from debitora.receivables.queries.items import items_of_customer
from debitora.receivables.queries.notes import NoteRow, notes_of_customer
from debitora.receivables.queries.payments import Paid, payments_of_customer
from debitora.receivables.rules.items import Scope

MOST_ITEMS: Final = 100
MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a customer on a day."""

    sheet: CustomerSheet
    contacts: tuple[tuple[str, str, str], ...]
    items: tuple[ItemRow, ...]
    paid: tuple[Paid, ...]
    notices: tuple[NoticeRow, ...]
    cases: tuple[CaseRow, ...]
    holds: tuple[HoldRow, ...]
    agreements: tuple[AgreementRow, ...]
    """Those that count on the day."""
    notes: tuple[NoteRow, ...]


def known_of_customer(*, customer: int, on: date, scope: Scope) -> Known | None:
    """What a dossier tells; None where there is no such customer. The caller has asked the gate."""
    sheet = customer_sheet(customer=customer, on=on)
    if sheet is None:
        return None
    cases = CaseFilters(state="all", customer=customer)
    notices = NoticeFilters(customer=customer)
    return Known(
        sheet=sheet,
        contacts=tuple((one.role, one.name, one.email) for one in contacts_of(customer=customer)),
        items=items_of_customer(customer=customer, on=on, size=MOST_ITEMS + 1),
        paid=tuple(payments_of_customer(customer=customer, most=MOST + 1)),
        notices=tuple(notices_page(filters=notices, sort="-newest", size=MOST + 1, scope=scope).rows),
        cases=tuple(cases_page(filters=cases, on=on, sort="-number", size=MOST + 1, scope=scope).rows),
        holds=tuple(holds_in_force(on=on, customer=customer)),
        agreements=tuple(
            one for one in agreements_of_customer(customer=customer, most=MOST_ITEMS) if one.counts(on=on)
        ),
        notes=tuple(notes_of_customer(customer=customer, most=MOST + 1)),
    )
