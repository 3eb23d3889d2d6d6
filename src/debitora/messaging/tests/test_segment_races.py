"""Two start a message to many at once, and two workers make it: each customer gets one, on committed data."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from debitora.kit.pg.company import serving
from debitora.messaging.actions import segments as actions
from debitora.messaging.actions.optouts import end_by_hand, end_by_link
from debitora.messaging.actions.segments import SegmentNotADraft, make_segment, start_segment
from debitora.messaging.models import Intent, OptOut, Segment, SegmentReceiver
from debitora.messaging.testing import MOMENT, TESTS, a_sender
from debitora.messaging.tests.test_segments import ON, a_segment
from debitora.people.models import Company
from debitora.receivables.testing import a_customer


@pytest.fixture
def draft(committed: str, company: Company) -> Segment:
    with transaction.atomic():
        a_sender(company.id)
        for place in range(3):
            a_customer(company.id, f"{place}", email=f"c{place}@x.example")
        return a_segment(company)


def starting(company: Company, segment: int) -> str:
    try:
        return str(start_segment(company=company, segment=segment, on=ON, by=TESTS, at=MOMENT))
    except SegmentNotADraft:
        return "started before"


def twice_at_once(company: Company, work: Callable[[], Any]) -> list[Any]:
    def served(_number: int) -> Any:
        try:
            with serving(company.id):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        return list(both.map(served, range(2)))


def test_two_who_start_it_at_once_start_it_once(company: Company, draft: Segment) -> None:
    assert sorted(twice_at_once(company, lambda: starting(company, draft.id))) == ["3", "started before"]
    with transaction.atomic():
        assert SegmentReceiver.objects.count() == 3


def test_two_workers_make_each_message_once(company: Company, draft: Segment) -> None:
    starting(company, draft.id)
    twice_at_once(
        company, lambda: make_segment(company=company, segment=draft.id, by=TESTS, clock=lambda: MOMENT)
    )
    with transaction.atomic():
        assert (Intent.objects.count(), Segment.objects.get().state) == (3, "sent")


def test_without_the_look_at_the_draft_only_the_table_would_refuse(
    company: Company, draft: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: whoever does not see that it has started chooses the customers again, and the constraint bites."""
    starting(company, draft.id)
    monkeypatch.setattr(actions, "_draft", lambda segment: Segment.objects.get(id=segment))
    with pytest.raises(IntegrityError, match="segment_reaches_once"):
        starting(company, draft.id)


def test_two_clicks_at_once_end_it_once(company: Company, draft: Segment) -> None:
    starting(company, draft.id)
    with serving(company.id):
        make_segment(company=company, segment=draft.id, by=TESTS, clock=lambda: MOMENT)
    with transaction.atomic():
        receiver = SegmentReceiver.objects.order_by("id")[0].id
    said = twice_at_once(
        company, lambda: end_by_link(company=company.id, receiver=receiver, ended=True, at=MOMENT)
    )
    assert sorted(said) == [False, True]
    with transaction.atomic():
        assert OptOut.objects.count() == 1


def test_who_declines_while_it_is_made_gets_none_of_it(
    company: Company, draft: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has looked at who declined; the customer declines; the worker makes her mail. It stays here."""
    starting(company, draft.id)
    with transaction.atomic():
        customer = SegmentReceiver.objects.order_by("id")[0].customer_id
    looked, begun = Event(), Event()

    def looks(addresses: set[str]) -> frozenset[str]:
        looked.set()
        assert begun.wait(10)
        return frozenset()

    def makes() -> None:
        try:
            with serving(company.id):
                make_segment(company=company, segment=draft.id, by=TESTS, clock=lambda: MOMENT)
        finally:
            connection.close()

    monkeypatch.setattr(actions, "declined_among", looks)
    with ThreadPoolExecutor(1) as worker:
        made = worker.submit(makes)
        assert looked.wait(10)
        begun.set()
        with serving(company.id):
            assert end_by_hand(company=company.id, customer=customer, ended=True, by=TESTS, at=MOMENT)
        made.result()
    with transaction.atomic():
        assert Intent.objects.get(customer_id=customer).stop_reason == "opted_out"
        assert Intent.objects.exclude(customer_id=customer).filter(state="queued").count() == 2
