"""The dossier of a customer: all that both departments know, in four languages, and nothing of another's customers."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from django.test import Client

from debitora.dunning.testing import a_late_payer, a_ready_company, a_run
from debitora.messaging.rules.dossier import Section, SectionUneven
from debitora.people.models import Company, User
from debitora.people.testing import signed_in
from debitora.receivables.actions import place_hold
from debitora.receivables.actions.notes import write_note
from debitora.receivables.models import Customer
from debitora.receivables.testing import MOMENT, TESTS, a_customer, an_open_item

ClientOf = Callable[[User], Client]
TITLES = {
    "de": ("Saldo", "Offene Posten", "Mahnungen", "Notizen"),
    "en": ("Balance", "Open items", "Notices", "Notes"),
    "nl": ("Saldo", "Openstaande posten", "Aanmaningen", "Notities"),
    "fr": ("Solde", "Postes ouverts", "Relances", "Notes"),
}


@pytest.fixture
def acme(company: Company) -> Company:
    """Ready to remind."""
    return a_ready_company(company)


def read(client: Client, customer: int) -> str:
    answer = client.get(f"/c/acme/customers/{customer}/dossier.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return "\n".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("language", sorted(TITLES))
def test_it_tells_all_that_is_known_in_the_readers_language(
    acme: Company, clerk: User, language: str
) -> None:
    a_late_payer(acme, "10001", name="Berg & Söhne", minors=(11_900, 5_000))
    a_run(acme)
    customer = Customer.objects.get(number="10001").id
    write_note(company=acme.id, customer=customer, text="Agreed 3 % in May.", by=TESTS, at=MOMENT)
    text = read(signed_in(clerk, language=language), customer)
    assert [title for title in TITLES[language] if title not in text] == []
    assert "Berg & Söhne" in text
    assert "Agreed 3 % in May." in text
    assert "10001" in text


def test_a_hold_and_a_credit_stand_on_it_and_what_is_too_much_is_said(
    acme: Company, clerk: User, client_of: ClientOf
) -> None:
    customer = a_customer(acme.id, "10001", name="Berg")
    an_open_item(acme.id, customer, number="R-1", minor=10_000)
    an_open_item(acme.id, customer, number="G-1", minor=-3_000)
    place_hold(
        company=acme.id, customer=customer, reason="agreement", note="until the fair", from_on=MOMENT.date(),
        by=TESTS, at=MOMENT,
    )  # fmt: skip
    for place in range(11):
        write_note(company=acme.id, customer=customer, text=f"note {place} " + "x" * 500, by=TESTS, at=MOMENT)
    text = read(client_of(clerk), customer)
    assert "until the fair" in text
    assert "G-1" in text
    assert "note 10" in text
    assert "note 0 " not in text
    assert "These are not all" in text


def test_a_customer_without_anything_has_one_too(acme: Company, clerk: User, client_of: ClientOf) -> None:
    assert read(client_of(clerk), a_customer(acme.id, "10001", name="Berg"))


def test_a_salesperson_gets_those_of_her_own_customers(
    acme: Company, sales: User, client_of: ClientOf
) -> None:
    hers = a_customer(acme.id, "1", name="Hers", salesperson_id=sales.id)
    foreign = a_customer(acme.id, "2", name="Foreign")
    browser = client_of(sales)
    assert "Hers" in read(browser, hers)
    assert browser.get(f"/c/acme/customers/{foreign}/dossier.pdf").status_code == 404


def test_what_our_font_lacks_is_said_on_the_sheet(acme: Company, clerk: User, client_of: ClientOf) -> None:
    customer = a_customer(acme.id, "10001", name="株式会社")
    answer = client_of(clerk).get(f"/c/acme/customers/{customer}/dossier.pdf")
    assert (answer.status_code, answer.url) == (303, f"/c/acme/customers/{customer}/")  # type: ignore[attr-defined]


def test_a_section_has_as_many_cells_as_its_head() -> None:
    with pytest.raises(SectionUneven):
        Section("Notes", ["By", "Note"], [0, 0], (), [["only one"]], "")
