"""The list of messages to many customers, and of the customers of one: narrowed, sorted, paged, searched, kept and exported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from debitora.messaging.actions.segments import add_segment, make_segment, save_segment, start_segment
from debitora.messaging.queries.segment_lists import (
    ReceiverFilters,
    SegmentFilters,
    receivers_page,
    segments_page,
    writers,
)
from debitora.messaging.rules.segments import Wording
from debitora.messaging.testing import MOMENT, TESTS, a_sender
from debitora.people.models import Company, SavedView, User
from debitora.receivables.testing import a_customer
from debitora.trail.rules import system

Sign = Callable[[Any], Client]
PAGE = "/c/acme/segments/"
OTHER = system("other")


@pytest.fixture
def many(company: Company) -> list[int]:
    """Three messages: one made for three customers of whom two have an address, a draft, and a draft of somebody else."""
    for number, email in (("3", "c@x.example"), ("1", "a@x.example"), ("2", "")):
        a_customer(company.id, number, name=f"Customer {number}", email=email)
    a_sender(company.id)
    begun = []
    for place, (name, by) in enumerate((("Spring 100%", TESTS), ("autumn", TESTS), ("Winter", OTHER))):
        made = add_segment(company=company, name=name, query="", by=by, at=MOMENT + timedelta(days=place))
        texts = {"en": Wording("Hello", "Please.")}
        save_segment(segment=made.id, name=name, quiet_days=0, texts=texts, by=by, at=MOMENT)
        begun.append(made.id)
    start_segment(company=company, segment=begun[0], on=MOMENT.date(), by=TESTS, at=MOMENT)
    make_segment(company=company, segment=begun[0], by=TESTS, clock=lambda: MOMENT)
    return begun


def found(sort: str = "-begun", **filters: str) -> list[str]:
    return [row.name for row in segments_page(filters=SegmentFilters(**filters), sort=sort).rows]


@pytest.mark.usefixtures("many")
def test_messages_are_narrowed_sorted_and_paged() -> None:
    assert found() == ["Winter", "autumn", "Spring 100%"]
    assert found("name") == ["autumn", "Spring 100%", "Winter"]
    assert found("started")[0] == "Spring 100%"
    assert found(state="draft") == ["Winter", "autumn"]
    assert found(text="0%") == ["Spring 100%"]
    assert found(text="_") == []
    assert found(by=OTHER.label) == ["Winter"]
    assert writers() == sorted([TESTS.label, OTHER.label])
    first = segments_page(filters=SegmentFilters(), size=2)
    assert [row.name for row in segments_page(filters=SegmentFilters(), after=first.next, size=2).rows] == [
        "Spring 100%"
    ]
    assert [(row.chosen, row.made) for row in segments_page(filters=SegmentFilters(state="sent")).rows] == [
        (3, 2)
    ]


def test_customers_of_a_message_are_narrowed_sorted_and_paged(many: list[int]) -> None:
    def numbers(sort: str = "number", **filters: str) -> list[str]:
        shown = receivers_page(segment=many[0], filters=ReceiverFilters(**filters), sort=sort)
        return [row.customer_number for row in shown.rows]

    assert numbers() == ["1", "2", "3"]
    assert numbers("-customer") == ["3", "2", "1"]
    assert numbers("moved")[0] == "2"
    assert numbers(outcome="no_address") == ["2"]
    assert numbers(state="queued") == ["1", "3"]
    assert numbers(text="customer 3") == ["3"]
    first = receivers_page(segment=many[0], filters=ReceiverFilters(), size=2)
    assert [row.address for row in first.rows] == ["a@x.example", ""]
    rest = receivers_page(segment=many[0], filters=ReceiverFilters(), after=first.next, size=2)
    assert [row.customer_number for row in rest.rows] == ["3"]
    assert receivers_page(segment=many[1], filters=ReceiverFilters()).rows == ()


def test_the_pages_of_the_lists(client_of: Sign, manager: User, many: list[int]) -> None:
    client = client_of(manager)
    shown = client.get(f"{PAGE}?state=sent&sort=name&after=nonsense").content.decode()
    assert "Spring 100%" in shown
    assert "autumn" not in shown
    assert "No message fits" in client.get(f"{PAGE}?text=nobody").content.decode()
    for kind in ("csv", "xlsx"):
        assert client.get(f"{PAGE}export/{kind}/").status_code == 200
    assert client.get(f"{PAGE}export/exe/").status_code == 404
    here = f"{PAGE}{many[0]}/receivers/"
    assert "has no e-mail address" in client.get(f"{here}?outcome=no_address&after=x").content.decode()
    assert "No customer fits" in client.get(f"{here}?state=returned").content.decode()
    written = b"".join(client.get(f"{here}export/csv/?outcome=queued").streaming_content).decode()  # type: ignore[attr-defined]
    assert "a@x.example" in written
    assert "Customer 2" not in written
    assert "Nobody is chosen yet" in client.get(f"{PAGE}{many[1]}/receivers/").content.decode()
    assert f"{here}?outcome=no_address" in client.get(f"{PAGE}{many[0]}/").content.decode()


def test_a_view_of_either_list_is_kept(client_of: Sign, manager: User, many: list[int]) -> None:
    client = client_of(manager)
    for name, there in (("segments", PAGE), ("receivers", f"{PAGE}{many[0]}/receivers/")):
        told = {"name": "Mine", "list": name, "query": "sort=name", "back": there}
        assert client.post("/c/acme/views/new/", told).status_code in (302, 303), name
    assert set(SavedView.objects.values_list("list", flat=True)) == {"segments", "receivers"}
    assert "Customers of a message" in client.get("/c/acme/views/").content.decode()
