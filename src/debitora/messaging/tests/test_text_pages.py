"""The pages of texts: all languages beside each other, tried on a real customer, versions compared and brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from debitora.kit.runtime import now
from debitora.messaging.actions import save_text
from debitora.messaging.actions.texts import NoSuchVersion, restore_text
from debitora.messaging.models import Intent, Text
from debitora.messaging.queries.trying import MOST_LINES, NothingOpen, customer_meant, letter_to
from debitora.messaging.rules.notice_texts import TextKey
from debitora.messaging.testing import MOMENT, TESTS
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.receivables.testing import a_customer, an_open_item

Sign = Callable[[Any], Client]
TEXTS = "/c/acme/settings/texts/"
HERE = f"{TEXTS}notice1.business/de/"
TYPED = {
    "subject": "An {{ customer.name }}",
    "mail": "Bitte zahlen Sie {{ notice.total }}.",
    "opening": "Es ist soweit.",
    "closing": "Danke.",
}


def saved(client: Client, **changes: str) -> None:
    """A new version of the German text."""
    version = Text.objects.filter(key="notice1.business", language="de").count()
    client.post(f"{HERE}saved/", {**TYPED, "version": version, **changes})


# ------------------------------------------------------------------------------------------ a real customer


def test_what_is_typed_reads_as_the_customer_would_read_it(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    number = Customer.objects.get(id=scene["customer"]).number
    before = Intent.objects.count()
    for typed in (number, "Wald"):
        page = client_of(manager).post(f"{HERE}preview/", {**TYPED, "customer": typed}).content.decode()
        assert "An Wald &amp; Wiese &lt;b&gt;KG&lt;/b&gt;" in page
        assert "Sehr geehrte Damen und Herren" in page
        assert "DE02 1203" in page
    assert Intent.objects.count() == before


def test_the_letter_is_shown_as_a_picture(scene: dict[str, int], client_of: Sign, manager: Any) -> None:
    client = client_of(manager)
    page = client.post(f"{HERE}letter/", {**TYPED, "customer": "Wald"}).content.decode()
    assert "data:image/png;base64," in page
    assert "Choose a customer" in client.post(f"{HERE}letter/", TYPED).content.decode()
    wrong = {**TYPED, "customer": "Wald", "mail": "{{ nothing }}"}
    assert "First put right" in client.post(f"{HERE}letter/", wrong).content.decode()


@pytest.mark.parametrize(
    ("typed", "told"), [("", "With sample values"), ("Nobody", "No customer has"), ("Idle", "owes nothing")]
)
def test_without_anything_to_write_about_the_samples_are_shown(
    company: Company, scene: dict[str, int], client_of: Sign, manager: Any, typed: str, told: str
) -> None:
    a_customer(company.id, "10002", name="Idle Ltd")
    page = client_of(manager).post(f"{HERE}preview/", {**TYPED, "customer": typed}).content.decode()
    assert told in page
    assert "Müller &amp; Söhne" in page
    letter = client_of(manager).post(f"{HERE}letter/", {**TYPED, "customer": typed}).content.decode()
    assert "data:image" not in letter


def test_a_salesperson_finds_only_her_customers(company: Company, scene: dict[str, int]) -> None:
    on, own = now().date(), Scope((7,))
    assert customer_meant(company=company, scope=own, text="Wald", on=on) is None
    assert customer_meant(company=company, scope=EVERYTHING, text=" wald ", on=on) == scene["customer"]
    assert customer_meant(company=company, scope=EVERYTHING, text=" ", on=on) is None


def test_the_letter_is_about_what_is_overdue_in_the_company_s_own_currency(company: Company) -> None:
    on = now().date()
    buyer = a_customer(company.id, "10003", name="Buyer")
    with pytest.raises(NothingOpen):
        letter_to(company=company, customer=_read(buyer), step=TextKey.FINAL, language="fr", on=on)
    for count in range(MOST_LINES + 2):
        an_open_item(company.id, buyer, number=f"B-{count}", currency="EUR" if count else "CHF")
    letter = letter_to(company=company, customer=_read(buyer), step=TextKey.FINAL, language="fr", on=on)
    assert letter.currency == "EUR"
    assert len(letter.lines) == MOST_LINES
    assert letter.demanded == letter.owed
    assert (letter.level, letter.language) == (4, "fr")


def _read(customer: int) -> Customer:
    return Customer.objects.select_related("party").get(id=customer)


# --------------------------------------------------------------------------------- languages and suggestions


def test_all_languages_stand_beside_each_other(company: Company, client_of: Sign, manager: Any) -> None:
    by = {"by": TESTS, "at": MOMENT}
    for language in ("de", "fr"):
        save_text(company=company.id, key="notice1.business", language=language, wording=TYPED, **by)
    client, address = client_of(manager), f"{TEXTS}notice1.business/"
    page = client.get(f"{address}?customer=Wald&language=fr").content.decode()
    assert page.count('<section class="card beside-column') == 4
    assert 'beside-column is-chosen" aria-labelledby="language-fr"' in page
    assert "English goes out" in page
    assert client.get(f"{TEXTS}unheard.of/").status_code == 404


def test_an_unknown_name_is_told_with_its_place_and_what_was_meant(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client = client_of(manager)
    for mail, told in (
        ("Guten Tag\n{{ customer.nmae }}", "Line 2, column 4"),
        ("{{ customer.nmae }}", "Did you mean “customer.name”?"),
        ("{{ quite_unheard }}", "Choose one of those offered."),
        ("{{ notice.total | quite_unheard }}", "Known filters: append"),
        ("{% quite_unheard %}", "Known tags: assign"),
    ):
        assert told in client.post(f"{HERE}preview/", {**TYPED, "mail": mail}).content.decode()


# ------------------------------------------------------------------------------------------------- versions


def test_a_version_tells_what_it_changed_and_what_bringing_it_back_would(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client = client_of(manager)
    saved(client)
    saved(client, closing="Vielen Dank.")
    page = client.get(f"{HERE}versions/2/").content.decode()
    assert "What it changed in version 1" in page
    assert "What bringing it back changes in version 3" in page
    newest = client.get(f"{HERE}versions/3/").content.decode()
    assert "Vielen Dank.</ins>" in newest
    assert "bringing it back" not in newest
    assert "The first version" in client.get(f"{HERE}versions/1/").content.decode()
    assert client.get(f"{HERE}versions/9/").status_code == 404


def test_a_version_is_brought_back_at_once_and_that_is_undone(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client = client_of(manager)
    saved(client)
    answer = client.post(f"{HERE}versions/1/restoration/", follow=True)
    assert f"{HERE}versions/2/restoration/" in answer.content.decode()
    assert _newest().version == 3
    assert _newest().mail == Text.objects.get(key="notice1.business", language="de", version=1).mail
    undone = client.post(f"{HERE}versions/2/restoration/", {"undoing": "yes"}, headers={"HX-Request": "true"})
    assert undone.headers["HX-Redirect"] == HERE
    assert _newest().mail == TYPED["mail"]
    again = client.post(f"{HERE}versions/2/restoration/", follow=True)
    assert "reads like this already" in again.content.decode()
    assert "reads exactly like this one" in client.get(f"{HERE}versions/2/").content.decode()
    assert _newest().version == 4


def test_what_cannot_be_filled_any_more_is_not_brought_back(
    company: Company, scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client = client_of(manager)
    once = {**TYPED, "mail": "{{ once.known }}", "made_at": MOMENT, "made_by_label": "once"}
    Text.objects.create(company=company, key="notice1.business", language="de", version=2, **once)
    client.post(f"{HERE}saved/", {**TYPED, "version": 2})
    answer = client.post(f"{HERE}versions/2/restoration/")
    assert answer.headers["Location"] == f"{HERE}?version=2"
    assert _newest().version == 3


def test_what_was_never_written_is_not_brought_back(company: Company, scene: dict[str, int]) -> None:
    with pytest.raises(NoSuchVersion):
        restore_text(
            company=company.id, key="notice1.business", language="de", version=9, by=TESTS, at=MOMENT
        )


def test_bringing_back_asks_who_it_is(
    scene: dict[str, int], client_of: Sign, manager: Any, settings: Any
) -> None:
    settings.FRESH_MINUTES = 0
    client_of(manager).post(f"{HERE}versions/1/restoration/")
    assert _newest().version == 1


def _newest() -> Text:
    return Text.objects.filter(key="notice1.business", language="de").order_by("-version")[0]
