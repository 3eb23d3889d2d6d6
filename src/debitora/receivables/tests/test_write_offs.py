"""Write-offs: up to a limit by one person, above it by two; booked once, declined, withdrawn, reversed; what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from debitora.people.models import Company, User
from debitora.receivables.actions import place_hold
from debitora.receivables.actions.write_offs import (
    MoreThanIsOpenToGiveUp,
    NothingToGiveUp,
    ReasonMissing,
    SecondPersonNeeded,
    WriteOffMoved,
    book_write_off,
    choose_limit,
    decline_write_off,
    propose_write_off,
    reverse_write_off,
    withdraw_proposals,
    withdraw_write_off,
)
from debitora.receivables.models import Entry, HoldRelease, Item, ItemState, WriteOff, WriteOffStep
from debitora.receivables.queries.write_offs import (
    WriteOffFilters,
    limit_of,
    limits,
    write_off_row,
    write_offs_page,
    write_offs_waiting,
)
from debitora.receivables.rules.items import Scope
from debitora.receivables.rules.write_offs import Ground, StepKind, follows, within_limit
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record
from debitora.trail.rules import Actor
from debitora.values.money import Money

ON = date(2026, 11, 18)


@pytest.fixture
def item(company: Company) -> Item:
    """An invoice of 100.00."""
    return an_open_item(company.id, a_customer(company.id), number="R-1")


@pytest.fixture
def doing(company: Company, clerk: User, moment: datetime) -> dict[str, Any]:
    return {"company": company, "on": ON, "by": actor(clerk), "at": moment}


def actor(user: User) -> Actor:
    return Actor(user.id, "user", user.login)


def proposed(doing: dict[str, Any], item: Item, minor: int = 4_000, **changes: Any) -> WriteOff:
    known = {"ground": Ground.GOODWILL, "text": "Nicht der Mühe wert.", **changes}
    return propose_write_off(**doing, item=item.id, amount=Money(minor, "EUR"), **known)


def is_open(item: Item) -> int:
    return ItemState.objects.get(item=item).open_minor


def state(write_off: WriteOff) -> str:
    row = write_off_row(write_off=write_off.id)
    assert row is not None
    return row.state


@pytest.mark.parametrize(
    ("step", "before", "expected"),
    [
        (StepKind.BOOKED, "proposed", True),
        (StepKind.DECLINED, "proposed", True),
        (StepKind.WITHDRAWN, "proposed", True),
        (StepKind.REVERSED, "booked", True),
        (StepKind.REVERSED, "proposed", False),
        (StepKind.BOOKED, "booked", False),
        (StepKind.BOOKED, "declined", False),
        (StepKind.REVERSED, "reversed", False),
    ],
)
def test_which_step_follows_which(step: StepKind, before: str, expected: bool) -> None:
    assert follows(step, state=before) is expected


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [(5_000, "EUR", True), (5_001, "EUR", False), (1, "USD", False)],
)
def test_one_person_decides_up_to_the_limit(minor: int, currency: str, expected: bool) -> None:
    assert within_limit(minor, currency, limit_minor=5_000, limit_currency="EUR") is expected


def test_within_the_limit_it_is_booked_at_once(doing: dict[str, Any], item: Item, company: Company) -> None:
    choose_limit(company=company.id, minor=4_000, by=doing["by"], at=doing["at"])
    made = proposed(doing, item)
    assert (state(made), is_open(item)) == ("booked", 6_000)
    [entry] = Entry.objects.filter(kind="written_off")
    assert (entry.amount_minor, entry.effective_on) == (-4_000, ON)
    assert [one.minor for one in limits(company=company.id)] == [4_000]


def test_above_the_limit_a_second_person_says_yes(doing: dict[str, Any], item: Item, manager: User) -> None:
    made = proposed(doing, item)
    assert (state(made), is_open(item), limit_of(company=item.company_id)) == ("proposed", 10_000, 0)
    with pytest.raises(SecondPersonNeeded):
        book_write_off(**doing, write_off=made.id)
    assert write_offs_waiting(user=manager.id) == 1
    assert write_offs_waiting(user=doing["by"].id) == 0
    book_write_off(**{**doing, "by": actor(manager)}, write_off=made.id, note="Einverstanden.")
    assert (state(made), is_open(item)) == ("booked", 6_000)
    with pytest.raises(WriteOffMoved) as moved:
        book_write_off(**{**doing, "by": actor(manager)}, write_off=made.id)
    assert (moved.value.state, is_open(item)) == ("booked", 6_000)
    assert write_offs_waiting(user=manager.id) == 0


def test_the_database_wants_two_people_too(doing: dict[str, Any], item: Item) -> None:
    made = proposed(doing, item)
    alone: dict[str, Any] = {
        "company_id": item.company_id,
        "write_off": made,
        "place": 1,
        "kind": "booked",
        "entry": 1,
        "proposed_by_id": made.proposed_by_id,
        "done_on": ON,
        "done_at": doing["at"],
        "done_by_id": made.proposed_by_id,
        "done_by_label": "x",
    }
    with pytest.raises(DatabaseError, match="write_off_needs_two_people"), transaction.atomic():
        WriteOffStep.objects.create(**alone)


@pytest.mark.parametrize(
    "table", ["receivables_writeoff", "receivables_writeoffstep", "receivables_writeofflimit"]
)
def test_what_was_decided_stays(doing: dict[str, Any], item: Item, company: Company, table: str) -> None:
    choose_limit(company=company.id, minor=4_000, by=doing["by"], at=doing["at"])
    proposed(doing, item)
    for statement in (f"delete from {table}", f"update {table} set company_id = company_id"):  # names of ours
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_hold_ends_with_the_decision(doing: dict[str, Any], item: Item, manager: User) -> None:
    second = {**doing, "by": actor(manager)}

    def held() -> int:
        return place_hold(
            company=item.company_id, customer=item.customer_id, item=item.id, amount=Money(4_000, "EUR"),
            reason="clarification", from_on=ON, by=doing["by"], at=doing["at"],
        ).id  # fmt: skip

    booked, declined, withdrawn = (proposed(doing, item, 2_000, hold=held()) for _each in range(3))
    book_write_off(**second, write_off=booked.id)
    decline_write_off(**second, write_off=declined.id, reason="Wir fragen weiter.")
    withdraw_write_off(**doing, write_off=withdrawn.id)
    assert HoldRelease.objects.count() == 3
    assert [state(one) for one in (booked, declined, withdrawn)] == ["booked", "declined", "withdrawn"]
    assert is_open(item) == 8_000


def test_a_hold_that_was_lifted_by_hand_is_no_obstacle(doing: dict[str, Any], item: Item) -> None:
    from debitora.receivables.actions import release_hold

    hold = place_hold(
        company=item.company_id, customer=item.customer_id, item=item.id, reason="clarification", from_on=ON,
        by=doing["by"], at=doing["at"],
    )  # fmt: skip
    made = proposed(doing, item, hold=hold.id)
    release_hold(company=item.company_id, hold=hold.id, on=ON, by=doing["by"], at=doing["at"])
    assert (
        withdraw_proposals(company=doing["company"], holds=[hold.id], on=ON, by=doing["by"], at=doing["at"])
        == 1
    )
    assert state(made) == "withdrawn"


def test_reversed_it_is_open_and_asked_for_again_once(
    doing: dict[str, Any], item: Item, company: Company
) -> None:
    choose_limit(company=company.id, minor=9_999, by=doing["by"], at=doing["at"])
    made = proposed(doing, item)
    with pytest.raises(ReasonMissing):
        reverse_write_off(**doing, write_off=made.id, reason=" ")
    reverse_write_off(**doing, write_off=made.id, reason="Sie zahlt doch.")
    assert (state(made), is_open(item)) == ("reversed", 10_000)
    with pytest.raises(WriteOffMoved):
        reverse_write_off(**doing, write_off=made.id, reason="Noch einmal.")
    assert sum(Entry.objects.filter(kind="written_off").values_list("amount_minor", flat=True)) == 0
    verbs = Record.objects.filter(verb__startswith="write_off.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["write_off.proposed", "write_off.booked", "write_off.reversed"]


def test_what_an_undone_list_took_back_is_not_taken_back_twice(
    doing: dict[str, Any], item: Item, company: Company
) -> None:
    choose_limit(company=company.id, minor=9_999, by=doing["by"], at=doing["at"])
    made = proposed(doing, item)
    entry = Entry.objects.get(kind="written_off")
    Entry.objects.create(
        company_id=company.id, item=item, kind="written_off", amount_minor=4_000, effective_on=ON,
        recorded_at=doing["at"], reverses=entry,
    )  # fmt: skip
    assert state(made) == "reversed"
    with pytest.raises(WriteOffMoved):
        reverse_write_off(**doing, write_off=made.id, reason="Noch einmal.")


def test_what_cannot_be_given_up(doing: dict[str, Any], item: Item, company: Company) -> None:
    credit = an_open_item(company.id, item.customer_id, number="G-1", minor=-500)
    with pytest.raises(NothingToGiveUp):
        proposed(doing, credit, 100)
    with pytest.raises(ReasonMissing):
        proposed(doing, item, text=" ")
    for minor in (0, -1, 10_001):
        with pytest.raises(MoreThanIsOpenToGiveUp):
            proposed(doing, item, minor)
    proposed(doing, item, 6_000)
    with pytest.raises(MoreThanIsOpenToGiveUp) as more:
        proposed(doing, item, 4_001)
    assert more.value.open_minor == 4_000
    made = proposed(doing, item, 4_000)
    with pytest.raises(ReasonMissing):
        decline_write_off(**doing, write_off=made.id, reason="")


def test_what_was_paid_meanwhile_is_not_given_up(doing: dict[str, Any], item: Item, manager: User) -> None:
    made = proposed(doing, item)
    ItemState.objects.filter(item=item).update(open_minor=3_999)
    with pytest.raises(MoreThanIsOpenToGiveUp):
        book_write_off(**{**doing, "by": actor(manager)}, write_off=made.id)
    assert (state(made), Entry.objects.filter(kind="written_off").count()) == ("proposed", 0)
    ItemState.objects.filter(item=item).update(open_minor=10_000)


def test_an_item_of_tomorrow_is_not_given_up_today(doing: dict[str, Any], company: Company) -> None:
    """An entry counts from the item's first day at the earliest, so that no day shows less than nothing."""
    choose_limit(company=company.id, minor=9_999, by=doing["by"], at=doing["at"])
    later = ON + timedelta(days=3)
    coming = an_open_item(company.id, a_customer(company.id, "20002"), number="R-9", on=later)
    proposed(doing, coming)
    assert Entry.objects.get(kind="written_off").effective_on == Item.objects.get(id=coming.id).effective_on


def test_the_list_is_narrowed_sorted_and_scoped(
    doing: dict[str, Any], item: Item, company: Company, manager: User
) -> None:
    other = an_open_item(
        company.id, a_customer(company.id, "20002", name="Zander", salesperson_id=7), number="R-2"
    )
    first, second = proposed(doing, item, 1_000), proposed(doing, other, 2_000, ground=Ground.SMALL)
    decline_write_off(**{**doing, "by": actor(manager)}, write_off=first.id, reason="Nein.")

    def found(sort: str = "-newest", scope: Scope | None = None, **filters: Any) -> list[int]:
        asked = write_offs_page(filters=WriteOffFilters(**filters), sort=sort, scope=scope or Scope())
        return [row.write_off for row in asked.rows]

    assert found() == [second.id, first.id]
    assert found("amount") == found("newest") == [first.id, second.id]
    assert found("-customer") == [second.id, first.id]
    assert found(state="declined") == [first.id]
    assert (
        found(state="proposed")
        == found(ground="small")
        == found(item=other.id)
        == found(text="zand")
        == [second.id]
    )
    assert found(customer=item.customer_id) == found(text="r-1") == [first.id]
    assert found(scope=Scope((7,))) == [second.id]
    assert write_off_row(write_off=first.id, scope=Scope((7,))) is None
