"""Pages of write-offs: from an item to the ledger and back, by the right people, with nonsense, and at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.test import Client

from debitora.kit.failpoints import FailpointReached
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions import write_offs
from debitora.receivables.actions.write_offs import WriteOffMoved, book_write_off
from debitora.receivables.models import Entry, Item, ItemState, WriteOff, WriteOffStep
from debitora.receivables.testing import a_customer, an_open_item
from debitora.receivables.tests.test_write_offs import ON, actor, proposed

ClientOf = Callable[[User], Client]
HERE = "/c/acme/write-offs/"


@pytest.fixture
def item(company: Company) -> Item:
    return an_open_item(company.id, a_customer(company.id, name="Lindwurm Bau"), number="R-1")


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_from_the_item_to_the_ledger_and_back(
    company: Company, item: Item, clerk: User, manager: User, client_of: ClientOf, moment: datetime
) -> None:
    with clock_at(moment):
        office, head = client_of(clerk), client_of(manager)
        propose = f"/c/acme/items/{item.id}/write-off/"
        assert "second person says yes" in text(office, propose)
        answer = office.post(
            propose, {"amount": "40", "ground": "goodwill", "text": "Too little to quarrel."}, follow=True
        )
        assert "waits for a second person" in answer.content.decode()
        made = WriteOff.objects.get()
        there = f"{HERE}{made.id}/"
        assert "write-off waits for a decision" in text(head, "/c/acme/")
        assert "write-off waits for a decision" not in text(office, "/c/acme/")
        assert "A write-off was proposed" in text(head, "/c/acme/notifications/")
        assert "Too little to quarrel." in text(office, there)
        assert "Open afterwards" in text(head, there)
        assert office.post(f"{there}booked/").status_code == 403
        assert "It is written off" in head.post(f"{there}booked/", follow=True).content.decode()
        assert "Nothing was changed" in head.post(f"{there}booked/", follow=True).content.decode()
        assert ItemState.objects.get(item=item).open_minor == 6_000
        assert head.post(f"{there}reversed/", {"reason": ""}).status_code == 422
        assert (
            "open again"
            in head.post(f"{there}reversed/", {"reason": "She pays."}, follow=True).content.decode()
        )
        assert ItemState.objects.get(item=item).open_minor == 10_000
        timeline = text(office, f"/c/acme/customers/{item.customer_id}/timeline/?about=items")
        assert timeline.count("Write-off") >= 2
        assert "She pays." in text(office, there)
        assert "R-1" in text(office, f"{HERE}?state=reversed&ground=goodwill&customer={item.customer_id}")


def test_declined_and_taken_back(
    company: Company, item: Item, clerk: User, manager: User, client_of: ClientOf, moment: datetime
) -> None:
    doing = {"company": company, "on": ON, "by": actor(clerk), "at": moment}
    first, second = proposed(doing, item, 1_000), proposed(doing, item, 2_000)
    with clock_at(moment):
        office, head = client_of(clerk), client_of(manager)
        assert head.post(f"{HERE}{first.id}/declined/", {"reason": " "}).status_code == 422
        assert (
            "declined"
            in head.post(f"{HERE}{first.id}/declined/", {"reason": "No."}, follow=True).content.decode()
        )
        assert (
            "Only who proposed it" in head.post(f"{HERE}{second.id}/withdrawn/", follow=True).content.decode()
        )
        assert "taken back" in office.post(f"{HERE}{second.id}/withdrawn/", follow=True).content.decode()
        states = [row.kind for row in WriteOffStep.objects.order_by("id")]
        assert states == ["declined", "withdrawn"]


def test_who_proposed_cannot_say_yes_alone(
    company: Company, item: Item, manager: User, client_of: ClientOf, moment: datetime
) -> None:
    made = proposed({"company": company, "on": ON, "by": actor(manager), "at": moment}, item)
    with clock_at(moment):
        head = client_of(manager)
        assert "somebody else than who proposed it" in text(head, f"{HERE}{made.id}/")
        answer = head.post(f"{HERE}{made.id}/booked/", follow=True)
        assert "somebody else than who proposed it" in answer.content.decode()
    assert not WriteOffStep.objects.exists()


def test_what_was_paid_meanwhile_is_said(
    company: Company, item: Item, clerk: User, manager: User, client_of: ClientOf, moment: datetime
) -> None:
    made = proposed({"company": company, "on": ON, "by": actor(clerk), "at": moment}, item)
    ItemState.objects.filter(item=item).update(open_minor=100)
    with clock_at(moment):
        head = client_of(manager)
        assert "Less than that is open" in text(head, f"{HERE}{made.id}/")
        assert "Less than that is open" in head.post(f"{HERE}{made.id}/booked/", follow=True).content.decode()
        answer = head.post(
            f"/c/acme/items/{item.id}/write-off/",
            {"amount": "1", "ground": "small", "text": "x"},
            follow=True,
        )
        assert "proposed it already" in answer.content.decode()
        ItemState.objects.filter(item=item).update(open_minor=0)
        assert (
            "nothing to give up"
            in head.get(f"/c/acme/items/{item.id}/write-off/", follow=True).content.decode()
        )
    ItemState.objects.filter(item=item).update(open_minor=10_000)


def test_the_limit_is_chosen_and_books_at_once(
    company: Company, item: Item, clerk: User, manager: User, client_of: ClientOf, moment: datetime
) -> None:
    with clock_at(moment):
        head = client_of(manager)
        assert head.post(f"{HERE}limit/", {"limit": "much"}).status_code == 422
        assert (
            "counts from now on" in head.post(f"{HERE}limit/", {"limit": "50"}, follow=True).content.decode()
        )
        assert "50.00" in text(head, f"{HERE}limit/")
        assert client_of(clerk).get(f"{HERE}limit/").status_code == 403
        office = client_of(clerk)
        assert "it is booked at once" in text(office, f"/c/acme/items/{item.id}/write-off/")
        answer = office.post(
            f"/c/acme/items/{item.id}/write-off/",
            {"amount": "50", "ground": "small", "text": "x"},
            follow=True,
        )
        assert "It is written off" in answer.content.decode()
        assert "50.00" in text(office, HERE)
        head.post(f"{HERE}limit/", {"limit": ""})
        assert "second person says yes to every" in text(office, HERE)
    assert ItemState.objects.get(item=item).open_minor == 5_000


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": "100.01"}, "That is more than is open"),
        ({"amount": "-5"}, "This is not an amount"),
        ({"text": ""}, "This field is required"),
        ({"ground": "clarification"}, "Select a valid choice"),
    ],
)
def test_nonsense_is_answered_at_its_field(
    company: Company,
    item: Item,
    clerk: User,
    client_of: ClientOf,
    moment: datetime,
    changes: dict[str, str],
    expected: str,
) -> None:
    typed = {"amount": "40", "ground": "small", "text": "x", **changes}
    with clock_at(moment):
        answer = client_of(clerk).post(f"/c/acme/items/{item.id}/write-off/", typed)
    assert answer.status_code == 422
    assert expected in answer.content.decode()
    assert not WriteOff.objects.exists()


def test_the_list_narrows_and_goes_into_a_file(
    company: Company, item: Item, clerk: User, client_of: ClientOf, moment: datetime
) -> None:
    with clock_at(moment):
        office = client_of(clerk)
        assert "Nothing was given up yet" in text(office, HERE)
        proposed({"company": company, "on": ON, "by": actor(clerk), "at": moment}, item)
        assert "R-1" in text(
            office, f"{HERE}?state=proposed&ground=goodwill&item={item.id}&customer={item.customer_id}"
        )
        assert "No write-offs like that" in text(office, f"{HERE}?state=booked")
        assert "R-1" in text(office, f"{HERE}?sort=wrong&after=nonsense")
        answer = office.get(f"{HERE}export/csv/", follow=True)
        lines = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Lindwurm Bau" in lines
        assert office.get(f"{HERE}export/doc/").status_code == 404
        assert office.get(f"{HERE}999999/").status_code == 404


def both(company: Company, made: int, people: list[User], at: datetime) -> list[str]:
    """What came of two who say yes at the same moment."""
    start = Barrier(2)

    def one(person: User) -> str:
        try:
            with serving(company.id):
                start.wait()
                book_write_off(company=company, write_off=made, on=ON, by=actor(person), at=at)
        except WriteOffMoved:
            return "refused"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, people))


@pytest.fixture
def waiting(committed: str, company: Company, clerk: User, moment: datetime) -> WriteOff:
    with transaction.atomic(), serving(company.id):
        item = an_open_item(company.id, a_customer(company.id), number="R-1")
    return proposed({"company": company, "on": ON, "by": actor(clerk), "at": moment}, item)


def entries() -> int:
    with transaction.atomic():
        return Entry.objects.filter(kind="written_off").count()


def test_two_who_say_yes_book_it_once(
    company: Company, waiting: WriteOff, manager: User, moment: datetime
) -> None:
    assert both(company, waiting.id, [manager, manager], moment) == ["done", "refused"]
    assert entries() == 1


def test_control_without_the_lock_both_look_before_either_writes(
    company: Company, waiting: WriteOff, manager: User, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the key of the step stops the second then, as an error that nobody understands."""
    looked = Barrier(2)
    real = write_offs.state_of

    def both_look(*, company: int, write_off: int) -> tuple[int, str, int | None]:
        found = real(company=company, write_off=write_off)
        looked.wait()
        return found

    def unlocked(company: int, item: int) -> ItemState:
        return ItemState.objects.get(company_id=company, item_id=item)

    monkeypatch.setattr(write_offs, "state_of", both_look)
    monkeypatch.setattr(write_offs, "_locked_item", unlocked)
    with pytest.raises(Exception, match="write_off_step_once_per_place"):
        both(company, waiting.id, [manager, manager], moment)


def test_killed_behind_the_booking_nothing_is_booked(
    company: Company, waiting: WriteOff, manager: User, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_TEST", "1")
    monkeypatch.setenv("DEBITORA_FAILPOINT", "write_off_booked:raise")
    with pytest.raises(FailpointReached):
        book_write_off(company=company, write_off=waiting.id, on=ON, by=actor(manager), at=moment)
    monkeypatch.delenv("DEBITORA_FAILPOINT")
    assert entries() == 0
    book_write_off(company=company, write_off=waiting.id, on=ON, by=actor(manager), at=moment)
    assert entries() == 1
