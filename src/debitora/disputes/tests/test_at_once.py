"""Two people at once: one case for one dispute, one closing for one case."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from debitora.disputes.actions import AlreadyInClarification, CaseIsClosed, close_case, closing
from debitora.disputes.actions.steps import Doing, Locked
from debitora.disputes.models import Case, CaseStep
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case, without_lock
from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item


@pytest.fixture
def item(committed: str, company: Company) -> Item:
    with transaction.atomic():
        return an_open_item(company.id, a_customer(company.id))


def twice(company: Company, act: Callable[[], object], refusal: type[Exception]) -> list[str]:
    """What came of the same at the same moment by two people."""
    start = Barrier(2)

    def one() -> str:
        try:
            with serving(company.id):
                start.wait()
                act()
        except refusal:
            return "refused"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(one) for _person in range(2)]
        return sorted(each.result() for each in found)


def test_two_who_open_the_same_open_one(company: Company, item: Item) -> None:
    assert twice(company, lambda: a_case(company, [item]), AlreadyInClarification) == ["done", "refused"]
    with transaction.atomic():
        assert Case.objects.count() == 1


def test_two_who_close_one_case_close_it_once(company: Company, item: Item) -> None:
    case = a_case(company, [item]).id

    def close() -> None:
        close_case(company=company, case=case, proposal=Proposal(Outcome.VALID), on=ON, by=TESTS, at=MOMENT)

    assert twice(company, close, CaseIsClosed) == ["done", "refused"]
    with transaction.atomic():
        assert CaseStep.objects.filter(kind="closed").count() == 1


def test_control_without_the_lock_one_case_is_closed_twice(
    company: Company, item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look before either writes, and nothing but the lock tells them apart."""
    case = a_case(company, [item]).id
    without_lock(monkeypatch)
    met, seen = Barrier(2), closing.pending

    def look_together(doing: Doing, case: int) -> Locked:
        found = seen(doing, case)
        met.wait(timeout=20)
        return found

    monkeypatch.setattr(closing, "pending", look_together)

    def close() -> None:
        close_case(company=company, case=case, proposal=Proposal(Outcome.VALID), on=ON, by=TESTS, at=MOMENT)

    assert twice(company, close, CaseIsClosed) == ["done", "done"]
    with transaction.atomic():
        assert CaseStep.objects.filter(kind="closed").count() == 2, "the control must fail"
