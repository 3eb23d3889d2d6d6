"""Failpoints: named places where a test kills, delays or breaks this process. Inert unless DEBITORA_TEST=1.

DEBITORA_FAILPOINT=name:kill:3 kills at the third passing of `name`; `raise` raises FailpointReached, `wait` stops the
process by SIGSTOP until it is continued.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

_passed: Counter[str] = Counter()


class FailpointReached(Exception):
    """A test asked for a failure here."""


def failpoint(name: str) -> None:
    """Fail here if a test asked for it by this name."""
    wanted = os.environ.get("DEBITORA_FAILPOINT")
    if not wanted or os.environ.get("DEBITORA_TEST") != "1":
        return
    place, _, rest = wanted.partition(":")
    kind, _, nth = rest.partition(":")
    if place != name:
        return
    _passed[name] += 1
    if _passed[name] == int(nth or "1"):
        _fail(name, kind)


def _fail(name: str, kind: str) -> None:
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif kind == "wait":
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        raise FailpointReached(name)
