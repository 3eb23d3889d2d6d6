"""The product's web application, telling how long it took for each answer. No benchmark itself; the product's server serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from debitora.config.wsgi import application as product

HEADER = "Server-Timing"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the product does, with the milliseconds from the request to the whole body."""
    told: list[Any] = []
    begun = perf_counter()
    answer = product(environ, lambda *start: told.extend(start))
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers, *rest = told
    took = (perf_counter() - begun) * 1000
    start_response(status, [*headers, (HEADER, f"app;dur={took:.2f}")], *rest)
    return [body]
