"""A list that names contacts of its items: kept, changed by the next list, and passed over where it is no address."""

from __future__ import annotations

from debitora.exchange.testing import applied
from debitora.people.models import Company
from debitora.receivables.models import Contact, Item, ItemContact
from debitora.receivables.queries.contacts import contacts_of_items

HEADER = "Kunde;Name;Belegnummer;Belegdatum;Fällig am;Währung;Offener Betrag;Ansprechpartner;Ansprechpartner E-Mail"


def a_list(*rows: tuple[str, str, str]) -> bytes:
    lines = (
        f"10001;Kunde;{number};10.11.2026;30.10.2026;EUR;100,00;{name};{email}"
        for number, name, email in rows
    )
    return "\r\n".join([HEADER, *lines, ""]).encode()


def names(company: Company) -> dict[str, str]:
    items = dict(Item.objects.filter(company_id=company.id).values_list("id", "number"))
    return {items[item]: contact.email for item, contact in contacts_of_items(items=list(items)).items()}


def test_a_list_says_whom_its_items_name_and_the_next_changes_it(company: Company) -> None:
    applied(company, a_list(("R-1", "Ana", "ana@k.example"), ("R-2", "", "Ben@k.example"), ("R-3", "Cy", "")))
    assert names(company) == {"R-1": "ana@k.example", "R-2": "Ben@k.example"}
    assert sorted(Contact.objects.values_list("name", flat=True)) == ["Ana", "Ben@k.example"]
    applied(
        company, a_list(("R-1", "Ana", "ben@k.example"), ("R-2", "", "nobody"), ("R-3", "", " ana@k.example"))
    )
    assert names(company) == {"R-1": "Ben@k.example", "R-2": "Ben@k.example", "R-3": "ana@k.example"}
    assert Contact.objects.count() == 2
    assert ItemContact.objects.exclude(ended_at=None).count() == 1


def test_a_list_without_the_column_changes_nothing(company: Company) -> None:
    applied(company, a_list(("R-1", "Ana", "ana@k.example")))
    plain = a_list(("R-1", "", ""), ("R-2", "", ""))
    applied(company, plain)
    assert names(company) == {"R-1": "ana@k.example"}
