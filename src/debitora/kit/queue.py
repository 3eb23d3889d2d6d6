"""The job queue (procrastinate on our own database): jobs are named, carry ids only, and are hints to look.

A job is never the permission to act: its action checks the row's state again. Deferring joins the caller's transaction, so a
rolled back action leaves no job and a committed one is seen by the worker at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import close_old_connections, transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from debitora.kit.pg.company import serving

RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


def defer(
    name: str, *, company: int, once: str | None = None, at: datetime | None = None, **ids: int | str
) -> None:
    """Ask for a job by name, for one company, with ids as arguments.

    `once` is a queueing lock: while such a job waits, asking again changes nothing. Raises procrastinate's
    TaskNotFound for a name that no room has registered.
    """
    options: dict[str, Any] = {"queueing_lock": once} if once else {}
    if at is not None:
        options["schedule_at"] = at
    try:
        with transaction.atomic():
            app.configure_task(name, allow_unknown=False, **options).defer(company=company, **ids)
    except AlreadyEnqueued:
        return


def job(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the job of that name; it runs while its company is served, outside any transaction."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def run(company: int, **ids: int | str) -> None:
            close_old_connections()
            with serving(company):
                function(company=company, **ids)

        run.__name__ = function.__name__
        app.task(name=name, retry=RETRY)(run)
        return function

    return register


def periodic(name: str, *, cron: str) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Register a function that runs at the cron's moments, once each; it gets the moment as a Unix timestamp."""

    def register(function: Callable[[int], None]) -> Callable[[int], None]:
        def run(timestamp: int) -> None:
            close_old_connections()
            function(timestamp)

        run.__name__ = function.__name__
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(run))
        return function

    return register


def work_off(*, wait: bool) -> None:
    """Work off jobs in this process: for ever (`wait`), or until none is due. A signal ends it after the current step."""
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as working:
        asyncio.run(_work(working, wait))


async def _work(working: App, wait: bool) -> None:
    async with working.open_async():
        await working.run_worker_async(
            wait=wait,
            concurrency=2,
            listen_notify=wait,
            delete_jobs="successful",
            install_signal_handlers=wait,
        )


@periodic("kit.rescue", cron="* * * * *")
def rescue_stalled(timestamp: int) -> None:
    """Give jobs of dead workers back to the queue; every action looks at its rows before it acts."""
    asyncio.run(_rescue())


async def _rescue() -> None:
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as working:
        async with working.open_async():
            for stalled in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=120):
                await working.job_manager.retry_job(stalled)
