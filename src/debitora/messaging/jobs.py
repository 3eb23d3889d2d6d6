"""Jobs of messaging: send what is due, take back what dead workers hold."""

from __future__ import annotations

from debitora.kit.queue import job
from debitora.kit.runtime import now


@job("messaging.send")
def send(*, company: int) -> None:
    """Send the company's due mails."""
    from debitora.messaging.actions import send_due

    send_due(company=company, clock=now)


@job("messaging.rescue")
def rescue(*, company: int) -> None:
    """Free abandoned claims; show what is uncertain."""
    from debitora.messaging.actions import rescue_abandoned

    rescue_abandoned(company=company, at=now())
