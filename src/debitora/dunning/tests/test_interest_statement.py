"""The interest statement: what its paper says adds up, in four languages, for one item and for a customer."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pypdf
import pytest
from django.test import Client

from debitora.dunning.queries.interest import interest_card, interest_cards
from debitora.dunning.queries.interest_statement import statement_of_customer, statement_of_item
from debitora.dunning.rules.default import Ground
from debitora.dunning.rules.policy import Claims, Interest
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_strategy
from debitora.kit.runtime import clock_at
from debitora.messaging.rules.interest_statement import (
    BorneItem,
    BorneSlice,
    InterestDoesNotAddUp,
    interest_sheet,
)
from debitora.messaging.rules.pdf import read_identity, render_interest
from debitora.messaging.rules.words import words
from debitora.people.models import Company, User
from debitora.receivables.actions import allocate
from debitora.receivables.models import Customer, Item
from debitora.receivables.testing import an_open_item
from debitora.values.money import Money

ClientOf = Callable[[User], Client]
AGREED = Claims(due_date_agreed=True)
UNTIL = date(2026, 12, 30)


@pytest.fixture
def owing(acme: Company) -> Item:
    """119.00, in default since 3 November 2026 by an agreed day, of which 19.00 were paid on the 20th."""
    a_strategy(acme, kind="business", claims=AGREED)
    customer = a_late_payer(acme, street="Weg 1", postcode="10115", city="Berlin", language="de")
    item = Item.objects.select_related("customer__party", "state").get()
    paid = an_open_item(acme.id, customer, number="P-1", minor=-1_900, kind="payment")
    allocate(
        company=acme.id,
        credit_item=paid.id,
        debit_item=item.id,
        amount=Money(1_900, "EUR"),
        on=date(2026, 11, 20),
        by=TESTS,
        at=MOMENT,
    )
    return item


def paper(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u200b", "").replace("\u00a0", " ").split())


def printed(statement: Any) -> str:
    return paper(render_interest(interest_sheet(statement), created_at=MOMENT))


ROW = re.compile(r"(\d\d\.\d\d\.\d{4}) (\d\d\.\d\d\.\d{4}) (\d+) ([\d.]+,\d\d) (\d+,\d\d) % (\d+,\d\d)")


def test_the_paper_can_be_reckoned_again_from_its_own_words(acme: Company, owing: Item) -> None:
    made = statement_of_item(company=acme, item=owing, on=UNTIL, at=MOMENT)
    said = printed(made)
    rows = ROW.findall(said)
    assert [(first, last, days) for first, last, days, *_rest in rows] == [
        ("03.11.2026", "19.11.2026", "17"),
        ("20.11.2026", "30.12.2026", "41"),
    ]
    cents = 0
    for _first, _last, days, balance, rate, interest in rows:
        minor, bp = int(re.sub(r"\D", "", balance)), int(rate.replace(",", ""))
        exact = minor * bp * int(days)
        assert abs(exact - int(interest.replace(",", "")) * 3_650_000) < 3_650_000
        cents += int(interest.replace(",", ""))
    assert made.totals == (Money(cents, "EUR"),)
    assert f"Zinsen dieser Rechnung {cents // 100},{cents % 100:02d}" in said
    assert "119,00 EUR" in said
    assert "19,00 EUR am 20. November 2026" in said
    assert "Im Verzug ab 3. November 2026" in said
    assert "Der Tag der Zahlung war nach dem Kalender vereinbart (§ 286 II Nr. 1 BGB)" in said
    assert "§ 288 II BGB" in said
    assert "10,52 %, aus dem Referenzzinssatz 1,52 %: two public copies" in said
    assert "stets 365" in said


def test_it_is_archived_and_read_aloud_as_the_letters_are(acme: Company, owing: Item) -> None:
    made = statement_of_item(company=acme, item=owing, on=UNTIL, at=MOMENT)
    pdf = render_interest(interest_sheet(made), created_at=MOMENT)
    assert read_identity(pdf) == made.identity
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert render_interest(interest_sheet(made), created_at=MOMENT) == pdf


@pytest.mark.parametrize(
    ("language", "subject", "total"),
    [
        ("de", "Zinsaufstellung bis 30. Dezember 2026", "Zinsen in EUR"),
        ("en", "Statement of interest to", "Interest in EUR"),
        ("nl", "Renteoverzicht tot en met 30 december 2026", "Rente in EUR"),
        ("fr", "Relevé d’intérêts jusqu’au 30 décembre 2026", "Intérêts en EUR"),
    ],
)
def test_all_items_of_a_customer_in_her_language_by_currency(
    acme: Company, owing: Item, language: str, subject: str, total: str
) -> None:
    for number, currency in (("R-9", "EUR"), ("R-10", "CHF")):
        an_open_item(
            acme.id,
            owing.customer_id,
            number=number,
            minor=50_000,
            currency=currency,
            due_on=date(2026, 11, 10),
        )
    Customer.objects.filter(id=owing.customer_id).update(language=language)
    customer = Customer.objects.select_related("party").get(id=owing.customer_id)
    made = statement_of_customer(company=acme, customer=customer, on=UNTIL, at=MOMENT)
    assert made is not None
    said = printed(made)
    assert subject in said
    assert total in said
    assert [one.number for one in made.items] == ["R-10001-1", "R-9", "R-10"]
    assert [one.currency for one in made.totals] == ["CHF", "EUR"]
    for one in made.totals:
        assert one.minor == sum(
            item.total.minor for item in made.items if item.total and item.total.currency == one.currency
        )
    cards = interest_cards(company=acme, customer=customer.id, items=[owing], until=date(2026, 12, 31))
    assert cards == [interest_card(company=acme, item=owing, until=date(2026, 12, 31))]


def test_what_cannot_be_reckoned_says_why(acme: Company, owing: Item) -> None:
    later = statement_of_item(company=acme, item=owing, on=date(2027, 2, 1), at=MOMENT)
    assert "Der Referenzzinssatz ist nur bis 31. Dezember 2026 bekannt." in printed(later)
    early = statement_of_item(company=acme, item=owing, on=date(2026, 11, 2), at=MOMENT)
    assert "Nichts Bekanntes hat den Verzug begründet." in printed(early)
    a_strategy(
        acme,
        kind="business",
        claims=Claims(interest=Interest.AGREED, agreed_bp=700, due_date_agreed=True),
        name="Agreed",
    )
    agreed = statement_of_item(company=acme, item=owing, on=UNTIL, at=MOMENT)
    assert "Zinssatz nach Vereinbarung" in printed(agreed)
    assert "Woher die Sätze stammen" not in printed(agreed)
    nothing = replace(agreed.items[0], slices=(), total=Money(0, "EUR"))
    assert "sind keine Zinsen angefallen" in printed(replace(agreed, items=(nothing,)))
    unknown = replace(agreed.items[0], slices=(), total=None)
    assert "gesetzliche Satz ist hier nicht bekannt" in printed(replace(agreed, items=(unknown,)))
    unsure = replace(agreed.items[0], sure=False)
    assert "vor Gebrauch zu prüfen" in printed(replace(agreed, items=(unsure,), more=3))
    assert "3 weitere offene Posten" in printed(replace(agreed, items=(unsure,), more=3))


def test_a_statement_of_many_long_items_keeps_its_head_on_every_page(acme: Company, owing: Item) -> None:
    made = statement_of_item(company=acme, item=owing, on=UNTIL, at=MOMENT)
    many = tuple(replace(made.items[0], number=f"R-{place}-" + "7" * 40) for place in range(60))
    pdf = render_interest(interest_sheet(replace(made, items=many)), created_at=MOMENT)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 10
    assert len(ROW.findall(paper(pdf))) == 120
    assert all("10001" in page for page in pages)


def test_slices_that_do_not_add_up_are_refused() -> None:
    slice_ = BorneSlice(ON, ON, Money(100, "EUR"), 500, Money(1, "EUR"))
    item = BorneItem("R-1", None, ON, Money(100, "EUR"), slices=(slice_,), total=Money(1, "EUR"))
    assert slice_.days == 1
    for wrong in ({"total": Money(2, "EUR")}, {"total": None}, {"payments": ((ON, Money(1, "CHF")),)}):
        with pytest.raises(InterestDoesNotAddUp):
            replace(item, **wrong)


def test_every_ground_is_said_in_every_language() -> None:
    for language in ("de", "en", "fr", "nl"):
        assert set(words(language)["interest_grounds"]) == {one.value for one in Ground}


def test_it_is_handed_out_from_the_evidence(
    acme: Company, owing: Item, client_of: ClientOf, clerk: User
) -> None:
    client = client_of(clerk)
    with clock_at(MOMENT):
        shown = client.get(f"/c/acme/items/{owing.id}/interest/?on=30/12/2026").content.decode()
        assert f"/c/acme/items/{owing.id}/interest.pdf?on=2026-12-30" in shown
        one = client.get(f"/c/acme/items/{owing.id}/interest.pdf?on=2026-12-30")
        every = client.get(f"/c/acme/customers/{owing.customer_id}/interest.pdf")
        none = client.get(f"/c/acme/customers/{owing.customer_id}/interest.pdf?on=2026-10-01")
    assert "Paid or settled" in shown
    assert "1.52" in shown
    assert one.headers["Content-Disposition"] == 'inline; filename="Zinsaufstellung-10001-20261230.pdf"'
    assert "Zinsaufstellung bis 30. Dezember 2026" in paper(one.content)
    assert "Zinsaufstellung bis 18. November 2026" in paper(every.content)
    assert none.status_code == 303
