"""Imports at the same time, and a process that ends in the middle: real commits, real threads, a real kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections, transaction

from debitora.exchange.actions import confirm_list
from debitora.exchange.jobs import apply
from debitora.exchange.models import ListImport
from debitora.exchange.testing import MOMENT, ON, TESTS, a_list_of, applied, previewed
from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.models import Item, ItemState

pytestmark = pytest.mark.usefixtures("committed")


def released(company: Company, data: bytes, **facts: object) -> ListImport:
    """A list that was given free and waits for its job."""
    found = previewed(company, data, **facts)
    return confirm_list(company=company, list_import=found.id, confirmed=True, by=TESTS, at=MOMENT)


def at_once(company: Company, *imports: int) -> None:
    """Run the job of each import in a thread of its own, all beginning together."""
    barrier = Barrier(len(imports))

    def work(list_import: int) -> None:
        try:
            barrier.wait()
            with serving(company.id):
                apply(company=company.id, list_import=list_import)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(imports)) as pool:
        list(pool.map(work, imports))


def in_transaction(read: Callable[[], object]) -> object:
    """Read behind the wall, which stands around transactions only."""
    with transaction.atomic():
        return read()


def states() -> Counter[str]:
    return Counter(ListImport.objects.values_list("state", flat=True))


def test_the_same_import_twice_at_once_is_applied_once(company: Company) -> None:
    found = released(company, a_list_of(range(1, 200)))
    at_once(company, found.id, found.id, found.id)
    assert in_transaction(states) == {"applied": 1}
    assert in_transaction(Item.objects.count) == 199


def test_the_same_file_by_two_imports_at_once_is_applied_once(company: Company) -> None:
    twins = [released(company, a_list_of(range(1, 200))) for _ in range(2)]
    at_once(company, *(each.id for each in twins))
    assert in_transaction(states) == {"applied": 1, "nothing": 1}
    assert in_transaction(Item.objects.count) == 199


def test_two_lists_of_one_source_at_once_end_as_one_after_the_other(company: Company) -> None:
    applied(company, a_list_of(range(1, 101)))
    first = released(company, a_list_of(range(1, 111)), as_of=ON + timedelta(days=1))
    second = released(company, a_list_of(range(6, 116)), as_of=ON + timedelta(days=2))
    at_once(company, first.id, second.id)
    ended = dict(in_transaction(lambda: list(ListImport.objects.values_list("id", "state"))))
    assert ended[second.id] == "applied"
    assert ended[first.id] in ("applied", "held"), "the older list, coming second, waits for a person"
    shown = in_transaction(
        lambda: set(ItemState.objects.exclude(open_minor=0).values_list("item__number", flat=True))
    )
    assert shown == {f"R-{number}" for number in range(6, 116)}


def test_two_sources_at_once_do_not_touch_each_other(company: Company) -> None:
    lists = [released(company, a_list_of(range(1, 100)), source=name) for name in ("one", "two")]
    at_once(company, *(each.id for each in lists))
    assert in_transaction(states) == {"applied": 2}
    assert in_transaction(Item.objects.count) == 198


WORK = """
import django
django.setup()
from debitora.exchange.jobs import apply
from debitora.kit.pg.company import serving
with serving({company}):
    apply(company={company}, list_import={found})
"""


def in_a_process(company: Company, found: ListImport, failpoint: str = "") -> int:
    """Run the job in a process of its own, which may be told to end; its return code."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "debitora.config.settings",
        "DEBITORA_FAILPOINT": failpoint,
    }
    code = WORK.format(company=company.id, found=found.id)
    return subprocess.run([sys.executable, "-c", code], env=environment, check=False, timeout=60).returncode


def test_c06_killed_before_its_commit_leaves_nothing_and_the_next_one_finishes(
    company: Company,
) -> None:
    found = released(company, a_list_of(range(1, 50)))
    assert in_a_process(company, found, "list_applied:kill") == -signal.SIGKILL
    assert in_transaction(states) == {"applying": 1}
    assert in_transaction(Item.objects.count) == 0
    assert in_a_process(company, found) == 0
    assert in_transaction(states) == {"applied": 1}
    assert in_transaction(Item.objects.count) == 49
