"""Where a mail may belong: whom it names, by whose address it came, and whom somebody means who places it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from debitora.disputes.models import MailPlacing
from debitora.disputes.queries.belonging import MOST_NAMED, MOST_SUGGESTED, customers_like, suggestions
from debitora.disputes.rules.replies import MOST_NUMBERS, numbers_in
from debitora.disputes.testing import a_case
from debitora.disputes.tests.test_inbox_pages import INBOX, text, waiting
from debitora.kit.pg.company import serving
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item

ClientOf = Callable[[User], Client]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("", []),
        ("Rechnung RE-2026/0041, bitte „4711“!", ["RE-2026/0041", "4711"]),
        ("re-7 RE-7 Re-7.", ["RE-7"]),
        ("bis 12. 11 oder 000815", ["815"]),
        ("wir zahlen morgen", []),
    ],
)
def test_words_with_digits_may_be_numbers(said: str, numbers: list[str]) -> None:
    assert numbers_in(said) == numbers


def test_a_mail_full_of_numbers_is_no_burden() -> None:
    assert len(numbers_in(" ".join(str(number) for number in range(1_000, 9_000)))) == MOST_NUMBERS


def test_whom_a_mail_names_is_suggested_with_her_cases(company: Company, other_company: Company) -> None:
    miller, maler = (
        a_customer(company.id, number, name=name) for number, name in (("100", "Miller"), ("200", "Maler"))
    )
    a_customer(company.id, "300", name="Unnamed")
    first, second = (an_open_item(company.id, miller, number=number) for number in ("R-101", "R-102"))
    third = an_open_item(company.id, maler, number="R-201")
    with serving(other_company.id):
        a_customer(other_company.id, "201", name="Foreign")
    case = a_case(company, [first]).id
    found = suggestions(text="R-102, r-101; R-201 und 201", sender=None)
    assert [(one.name, one.named, one.cases) for one in found] == [
        ("Miller", [("R-101", first.id), ("R-102", second.id)], {case: ["R-101"]}),
        ("Maler", [("R-201", third.id)], {}),
    ]
    found = suggestions(text="about R-101", sender=maler)
    assert [(one.name, one.named) for one in found] == [("Maler", []), ("Miller", [("R-101", first.id)])]
    assert suggestions(text="customer 100", sender=None)[0].named == [("100", None)]
    assert suggestions(text="nothing", sender=None) == []


def test_only_some_are_suggested(company: Company) -> None:
    for number in range(700, 710):
        a_customer(company.id, str(number))
    told = " ".join(str(number) for number in range(700, 710))
    assert len(suggestions(text=told, sender=None)) == MOST_SUGGESTED


def test_a_customer_is_meant_by_number_or_name(company: Company) -> None:
    for number, name in (("10", "Müller GmbH"), ("100", "Müller & Sohn"), ("20", "50 % Rabatt")):
        a_customer(company.id, number, name=name)

    def names(typed: str) -> list[str]:
        return [one.party.name for one in customers_like(text=typed)]

    assert names("10") == ["Müller GmbH"]
    assert names("0010") == ["Müller GmbH"]
    assert names("müller") == ["Müller GmbH", "Müller & Sohn"]
    assert names("50 %") == ["50 % Rabatt"]
    assert names("nobody") == []


def test_the_page_offers_what_fits_and_one_click_places_it(
    company: Company, client_of: ClientOf, clerk: User
) -> None:
    customer = a_customer(company.id, "400", name="<b>Keller</b>")
    item = an_open_item(company.id, customer, number="R-401")
    case = a_case(company, [item]).id
    mail, office = waiting(company, "Re: R-401"), client_of(clerk)
    page = text(office, f"{INBOX}{mail.id}/")
    for told in (
        "It may belong to",
        "the mail names",
        f'name="case" value="{case}"',
        'name="customer" value="400"',
        f'items/{item.id}/">R-401</a>',
    ):
        assert told in page
    assert "<b>Keller" not in page
    office.post(f"{INBOX}{mail.id}/placing/", {"customer": "400"})
    assert MailPlacing.objects.get(mail=mail).customer_id == customer
    assert "It may belong to" not in text(office, f"{INBOX}{mail.id}/")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Nobody", "There is no customer of this number or name."),
        ("Weber", "Several customers fit: 500 Weber 0 · 501 Weber 1. Write the number."),
        ("Schmidt", "Many customers fit. Write more of the name, or the number."),
    ],
)
def test_who_is_not_clear_is_asked_for_and_nothing_is_placed(
    company: Company, client_of: ClientOf, clerk: User, typed: str, told: str
) -> None:
    for place in range(2):
        a_customer(company.id, f"50{place}", name=f"Weber {place}")
    for place in range(MOST_NAMED + 1):
        a_customer(company.id, f"60{place}", name=f"Schmidt {place}")
    mail = waiting(company)
    answer = client_of(clerk).post(f"{INBOX}{mail.id}/placing/", {"customer": typed})
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert not MailPlacing.objects.filter(mail=mail).exists()
