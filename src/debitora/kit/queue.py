"""The job queue (procrastinate on our own database): jobs are named, carry ids only, and are hints to look.

A job is never the permission to act: its action checks the row's state again. Deferring joins the caller's transaction, so a
rolled back action leaves no job and a committed one is seen by the worker at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connections, transaction
from procrastinate import App, JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, TaskNotFound, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from debitora.kit.pg.company import serving

MOST_ATTEMPTS = 3
"""So often is a job begun before it is laid aside, whether it raises or its worker dies."""
RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS - 1, exponential_wait=30)
"""After half a minute, and after a quarter of an hour: a restarted database or a full disk may be well again by then."""


def defer(
    name: str, *, company: int, once: str | None = None, at: datetime | None = None, **ids: int | str
) -> None:
    """Ask for a job by name, for one company, with ids as arguments, within the caller's transaction.

    Always on Django's own connection: inside a worker the app's connector is another one, that knows nothing of the
    transaction. `once` is a queueing lock: while such a job waits, asking again changes nothing. Raises procrastinate's
    TaskNotFound for a name that no room has registered.
    """
    if name not in app.tasks:
        raise TaskNotFound(name)
    outbox = JobManager(DjangoConnector(alias="default"))
    task = configure_task(name=name, job_manager=outbox, queueing_lock=once, schedule_at=at)
    try:
        with transaction.atomic():
            task.defer(company=company, **ids)
    except AlreadyEnqueued:
        return


def job(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the job of that name; it runs while its company is served, outside any transaction."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def run(company: int, **ids: int | str) -> None:
            with _own_connections(), serving(company):
                function(company=company, **ids)

        run.__name__ = function.__name__
        app.task(name=name, retry=RETRY)(run)
        return function

    return register


def periodic(name: str, *, cron: str) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Register a function that runs at the cron's moments, once each; it gets the moment as a Unix timestamp."""

    def register(function: Callable[[int], None]) -> Callable[[int], None]:
        def run(timestamp: int) -> None:
            with _own_connections():
                function(timestamp)

        run.__name__ = function.__name__
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(run))
        return function

    return register


@contextmanager
def _own_connections() -> Iterator[None]:
    """What a job opens it closes: it runs in any thread of a pool, and a thread that dies would leave its connections open."""
    try:
        yield
    finally:
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:  # a test runs the job within its own transaction
                connection.close()


def work_off(*, wait: bool) -> None:
    """Work off jobs in this process: for ever (`wait`), or until none is due. A signal ends it after the current step.

    Until none is due means one after the other: beside a running job the queue looks empty, though that job may be about
    to ask for the next.
    """
    with worker_app() as working:
        asyncio.run(_work(working, wait))


@contextmanager
def worker_app() -> Iterator[App]:
    """The queue as a worker speaks to it: over an asynchronous connection of its own, not over Django's."""
    with app.replace_connector(DjangoConnector(alias="default").get_worker_connector()) as working:
        yield working


async def _work(working: App, wait: bool) -> None:
    async with working.open_async():
        await working.run_worker_async(
            wait=wait,
            concurrency=2 if wait else 1,
            listen_notify=wait,
            delete_jobs="successful",
            install_signal_handlers=wait,
        )


@app.periodic(cron="* * * * *")
@app.task(name="kit.rescue", queueing_lock="kit.rescue", pass_context=True)
async def rescue_stalled(context: JobContext, timestamp: int) -> None:
    """Give jobs of dead workers back to the queue; every action looks at its rows before it acts.

    One whose last attempt this was has probably killed its workers: it is laid aside. One that waits a second time (`once`)
    is not given back: the other does its work.
    """
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=120):
        if stalled.attempts + 1 >= MOST_ATTEMPTS:  # this one has not been counted yet
            await manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
            continue
        try:
            await manager.retry_job(stalled)
        except UniqueViolation:
            await manager.finish_job(stalled, status=Status.FAILED, delete_job=True)
