"""What an action leaves to a job, which begins once the action is committed."""

from __future__ import annotations

from debitora.kit.queue import defer


def match_later(*, company: int) -> None:
    """This will have the company's open lines matched by a job; asked for while one waits, it is still one."""
    defer("cash.match", company=company, once=f"cash.match:{company}")
