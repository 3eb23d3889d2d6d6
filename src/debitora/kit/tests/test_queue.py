"""Working off: what a job asks for while it runs is done before the worker calls it a day."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from procrastinate.contrib.django import app

from debitora.kit.queue import defer, job, work_off

CHAIN = 6


@pytest.fixture
def chained() -> Iterator[list[int]]:
    """A job that asks for its successor as its last step, as many times as told; how far it came."""
    done: list[int] = []

    @job("tests.chain")
    def chain(company: int, link: int) -> None:
        if link < CHAIN:
            defer("tests.chain", company=company, link=link + 1)
        done.append(link)

    yield done
    del app.tasks["tests.chain"]


def test_jobs_that_jobs_ask_for_are_worked_off_too(committed: str, chained: list[int]) -> None:
    defer("tests.chain", company=1, link=1)
    work_off(wait=False)
    gc.collect()  # a connection left open would warn now, and a warning is an error
    assert chained == list(range(1, CHAIN + 1))
