"""The salesperson's customers due: what she sees, what a click does, who else may, and what nonsense comes to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from debitora.dunning.models import SalesAnswer, SalesQuestion
from debitora.dunning.queries.sales_list import questions_waiting
from debitora.dunning.queries.strategies import strategies, strategy_row
from debitora.dunning.rules.policy import Silence
from debitora.dunning.testing import MOMENT, ON, a_late_payer, a_released_run, a_run
from debitora.dunning.tests.test_sales import asking
from debitora.dunning.tests.test_strategy_pages import here, typed
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Customer, Hold, ItemState
from debitora.receivables.rules.items import Scope

ClientOf = Callable[[User], Client]
HERE = "/c/acme/sales/"


@pytest.fixture
def asked(acme: Company, sales: User, manager: User) -> Company:
    """Three customers of the salesperson and one of another one are asked about."""
    asking(acme)
    for place, person in enumerate((sales, sales, sales, manager), start=1):
        a_late_payer(acme, f"1000{place}", salesperson_id=person.id, name=f"Kunde {place}")
    a_run(acme)
    return acme


def ids() -> list[int]:
    return list(SalesQuestion.objects.order_by("id").values_list("id", flat=True))


def shown(client: Client, query: str = "") -> str:
    with clock_at(MOMENT):
        return client.get(HERE + query).content.decode()


def test_she_sees_her_customers_with_sum_day_step_and_deadline(
    asked: Company, sales: User, client_of: ClientOf
) -> None:
    page = shown(client_of(sales))
    assert "<h1>My customers due</h1>" in page
    assert [name in page for name in ("Kunde 1", "Kunde 2", "Kunde 3", "Kunde 4")] == [
        True,
        True,
        True,
        False,
    ]
    for said in (
        "119.00",
        "01/11/2026",
        "1 · Payment reminder",
        "20/11/2026",
        'data-key="r"',
        'data-key="s"',
    ):
        assert said in page


def test_a_manager_sees_all_and_who_has_not_answered(
    asked: Company, sales: User, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    page = shown(client)
    assert "<h1>Customers due</h1>" in page
    assert "Kunde 4" in page
    assert page.count(f">{sales.name or sales.login}</td>") == 3
    assert "Kunde 4" not in shown(
        client, f"?salesperson={Customer.objects.get(number='10001').salesperson_id}"
    )


def test_one_click_releases_and_the_toast_takes_it_back(
    asked: Company, sales: User, client_of: ClientOf
) -> None:
    client = client_of(sales)
    with clock_at(MOMENT):
        page = client.post(HERE + "released/", {"chosen": ids()[:1]}, follow=True).content.decode()
        assert "Released: the next run sends it." in page
        assert "Kunde 1" not in page.split("<tbody")[1]
        answer = SalesAnswer.objects.get()
        page = client.post(HERE + "undone/", {"answer": [answer.id]}, follow=True).content.decode()
    assert "Taken back. The question stands again." in page
    assert "Kunde 1" in page


def test_ten_at_once_are_one_post(asked: Company, sales: User, client_of: ClientOf) -> None:
    with clock_at(MOMENT):
        page = client_of(sales).post(HERE + "released/", {"chosen": ids()[:3]}, follow=True).content.decode()
        assert "3 released: the next run sends them." in page
        assert questions_waiting(on=ON, scope=Scope((sales.id,))) == 0
        assert questions_waiting(on=ON) == 1


def test_a_stop_wants_day_and_reason_and_shows_whom_it_stops(
    asked: Company, sales: User, client_of: ClientOf
) -> None:
    client, two = client_of(sales), ids()[:2]
    with clock_at(MOMENT):
        page = client.post(HERE + "stopped/", {"chosen": two}).content.decode()
        assert "Kunde 1" in page
        assert "Kunde 2" in page
        assert not SalesAnswer.objects.exists()
        typed = {"chosen": two, "until": "+9", "reason": "promise", "note": "zahlt Freitag"}
        page = client.post(HERE + "stopped/", typed, follow=True).content.decode()
    assert "2 stopped." in page
    assert list(Hold.objects.values_list("reason", "until_on").distinct()) == [
        ("promise", ON + timedelta(days=9))
    ]
    with clock_at(MOMENT):
        answered = client.get(HERE + "?state=answered").content.decode()
        assert "stopped until 27/11/2026" in answered
        one = client.get(f"{HERE}{two[0]}/").content.decode()
    assert "zahlt Freitag" in one


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"until": "31.02.2026", "reason": "promise"}, "Write the day like 31/03/2026, or +7."),
        ({"until": "17/11/2026", "reason": "promise"}, "The day lies between today and a year ahead."),
        ({"until": "+367", "reason": "promise"}, "The day lies between today and a year ahead."),
        ({"until": "", "reason": "promise"}, "This field is required."),
        ({"until": "+7", "reason": "zap"}, "Select a valid choice."),
    ],
)
def test_nonsense_is_named_at_its_field_and_nothing_is_lost(
    asked: Company, sales: User, client_of: ClientOf, typed: dict[str, str], told: str
) -> None:
    with clock_at(MOMENT):
        answer = client_of(sales).post(HERE + "stopped/", {"chosen": ids()[:1], "note": "bleibt", **typed})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "bleibt" in answer.content.decode()
    assert not SalesAnswer.objects.exists()


def test_who_comes_second_is_told(asked: Company, sales: User, manager: User, client_of: ClientOf) -> None:
    with clock_at(MOMENT):
        client_of(manager).post(HERE + "released/", {"chosen": ids()[:1]})
        page = client_of(sales).post(HERE + "released/", {"chosen": ids()[:1]}, follow=True).content.decode()
    assert "1 was answered by somebody else meanwhile." in page
    assert SalesAnswer.objects.count() == 1


@pytest.mark.parametrize("what", ["released/", "stopped/"])
def test_another_salespersons_customer_is_not_there(
    asked: Company, sales: User, client_of: ClientOf, what: str
) -> None:
    client, foreign = client_of(sales), ids()[3]
    with clock_at(MOMENT):
        assert (
            client.post(HERE + what, {"chosen": [foreign], "until": "+7", "reason": "other"}).status_code
            == 404
        )
        assert client.get(f"{HERE}{foreign}/").status_code == 404
    assert not SalesAnswer.objects.exists()


def test_an_auditor_looks_and_answers_nothing(asked: Company, auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    page = shown(client)
    assert "Kunde 1" in page
    assert 'data-key="r"' not in page
    assert client.post(HERE + "released/", {"chosen": ids()[:1]}).status_code in (403, 404)


def test_the_list_as_a_file_has_what_the_view_has(asked: Company, sales: User, client_of: ClientOf) -> None:
    with clock_at(MOMENT):
        answer = client_of(sales).get(HERE + "export/csv/?text=10002")
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Kunde 2" in text
    assert "Kunde 1" not in text


def test_today_tells_her_what_waits(asked: Company, sales: User, manager: User, client_of: ClientOf) -> None:
    with clock_at(MOMENT):
        assert "3 of your customers are due" in client_of(sales).get("/c/acme/").content.decode()
        assert "4 customers wait for a word of sales" in client_of(manager).get("/c/acme/").content.decode()


def test_a_step_is_told_to_ask_in_the_form_and_says_so_in_the_preview(
    acme: Company, sales: User, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    a_late_payer(acme, salesperson_id=sales.id, name="Kunde 1")
    strategy = next(row.id for row in strategies() if "business" in row.kinds)
    sent = typed(client, strategy) | {"step-1-ask_sales_days": "3", "step-1-sales_silence": "stop"}
    address = here("strategy_saved", strategy)
    with clock_at(MOMENT):
        tried = client.post(address, sent | {"do": "preview"}).content.decode()
        assert "sales is asked first" in tried
        wrong = client.post(address, sent | {"step-1-ask_sales_days": "21"}).content.decode()
        assert "Choose a number, 0-20." in wrong
        assert not strategy_row(strategy=strategy).policy.steps[0].asks_sales
        page = client.post(address, sent, follow=True).content.decode()
    assert "If she says nothing, nothing goes until somebody releases it." in page
    step = strategy_row(strategy=strategy).policy.steps[0]
    assert (step.ask_sales_days, step.sales_silence) == (3, Silence.STOP)


def test_filters_of_the_address_narrow_the_list_and_nonsense_does_not_break_it(
    asked: Company, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    salesperson = Customer.objects.get(number="10001").salesperson_id
    narrowed = shown(client, f"?salesperson={salesperson}&level=1&today=yes&sort=-sum")
    assert "No customer fits these filters" in narrowed
    assert "today or earlier" in narrowed
    for query in ("?after=x", "?sort=zap", "?level=99", "?salesperson=zap", "?state=zap"):
        assert "Kunde 1" in shown(client, query)
    assert client.get(HERE + "export/pdf/").status_code == 404


def test_what_is_over_or_was_not_chosen_is_said(asked: Company, sales: User, client_of: ClientOf) -> None:
    client, first = client_of(sales), ids()[0]
    ItemState.objects.filter(item_id__in=SalesQuestion.objects.get(id=first).items).update(open_minor=0)
    with clock_at(MOMENT):
        page = client.post(HERE + "released/", {"chosen": [first]}, follow=True).content.decode()
        assert "1 has been paid or reminded of meanwhile." in page
        page = client.post(HERE + "stopped/", {}, follow=True).content.decode()
        assert "Choose at least one customer." in page
        assert "This is over" in client.get(f"{HERE}{first}/").content.decode()


def test_a_word_that_was_followed_by_another_or_is_written_stays(
    asked: Company, sales: User, client_of: ClientOf
) -> None:
    client, first = client_of(sales), ids()[0]
    with clock_at(MOMENT):
        client.post(HERE + "released/", {"chosen": [first]})
        answer = SalesAnswer.objects.get().id
        client.post(HERE + "undone/", {"answer": [answer]})
        page = client.post(HERE + "undone/", {"answer": [answer]}, follow=True).content.decode()
        assert "somebody has answered anew meanwhile" in page
        client.post(HERE + "released/", {"chosen": [first]})
        a_released_run(asked)
        newest = SalesAnswer.objects.latest("id").id
        page = client.post(HERE + "undone/", {"answer": [newest]}, follow=True).content.decode()
    assert "is written already. Ask accounting" in page
