"""A house that lives for a browser: a database of its own, the application in threads, a clock that stands, and its worker.

Everything runs in the process of the tests, so that the clock of pages and jobs can stand still. The browser's own loop
occupies the tests' thread, therefore whatever speaks to the database runs `apart`, in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from typing import Any, TypeVar

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import BrowserContext, ConsoleMessage, Request

from debitora.kit.runtime import clock_at

PASSWORD = "correct horse battery"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Living:
    """Where the house answers, and what it thinks the time is."""

    base_url: str
    at: datetime

    def apart(self, work: Callable[[], Answer]) -> Answer:
        """Do something with the database, at the house's own time, in a thread; its answer."""

        def done() -> Answer:
            from django.db import connections

            try:
                with clock_at(self.at):
                    return work()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(done).result()

    def work_off(self) -> None:
        """Do all jobs that are due, as a worker does."""
        from debitora.kit.queue import work_off

        self.apart(lambda: work_off(wait=False))


class _Quiet(WSGIRequestHandler):
    """Says nothing: what fails is seen by the browser."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base's
        """Drop the line."""


@contextmanager
def living(at: datetime) -> Iterator[Living]:
    """Serve the present database on a free port while the clock stands at a moment."""
    from debitora.config.wsgi import application

    def standing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        with clock_at(at):
            return application(environ, start_response)

    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet, allow_reuse_address=False)
    server.set_app(standing)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Living(f"http://127.0.0.1:{server.server_port}", at)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def faults_of(context: BrowserContext, base_url: str) -> list[str]:
    """A list that grows with whatever goes wrong in a session: scripts, the console, refusals of the policy, the network.

    A request to anywhere but the house is a fault, whoever asked for it.
    """
    faults: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def asked(request: Request) -> None:
        if not request.url.startswith((base_url, "data:", "blob:")):
            faults.append(f"outside: {request.url}")

    context.on("console", said)
    context.on("request", asked)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
    return faults
