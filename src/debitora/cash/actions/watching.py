"""The watched folder of bank files: what a program puts there is taken, one file after the other, without anybody pressing a key.

    <inbox>/<company code>/bank/            files arrive here
                               done/        taken as a whole, or known already
                               refused/     nothing of it was taken; the page of bank files says why

The folder is the setting: whoever runs the installation makes it, and a company without one is not watched. A statement that
waits for a person is taken all the same, and waits on its page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import DataError, IntegrityError, InternalError, OperationalError, ProgrammingError

from debitora.cash.actions.files import refuse_large, take_file
from debitora.cash.queries.folders import DONE, REFUSED, bank_folder
from debitora.formats.tables import MAX_BYTES
from debitora.kit import arrivals
from debitora.people.models import Company
from debitora.trail.rules import Actor

_log = logging.getLogger(__name__)
_FAILURES: Final = (
    *(DataError, IntegrityError, InternalError, ProgrammingError),
    *(ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)
"""What this program raises where it meets something that nobody has thought of."""

Clock = Callable[[], datetime]


def take_arrived_files(*, company: Company, by: Actor, clock: Clock) -> dict[str, int]:
    """Take what lies in the company's folder, the oldest first; returns how many files went where.

    A file is moved when it is stored: a crash between leaves it lying there, and the next look finds that it is known. One that
    its owner changes or takes away meanwhile is left for the next look, and so is one while the database does not answer. One that
    this program fails at is refused, and the log says why. None hinders another.
    """
    went = {DONE: 0, REFUSED: 0}
    waiting = sorted(arrivals.arrived(bank_folder(company_code=company.code), at=clock()))
    for _moment, path in waiting[: arrivals.MOST_AT_ONCE]:
        with suppress(OSError, OperationalError):
            where = _taken(company, path, by, clock)
            if where:
                arrivals.moved(path, path.parent / where)
                went[where] += 1
    return went


def _taken(company: Company, path: Path, by: Actor, clock: Clock) -> str:
    """Take the file; where it goes. A failure of this program is no reason to look at the same file again each minute."""
    try:
        return _take(company, path, by, clock)
    except _FAILURES:
        _log.exception("bank file %a of %s could not be taken", path.name, company.code)
        return REFUSED


def _take(company: Company, path: Path, by: Actor, clock: Clock) -> str:
    """Take the file if it is whole; where it goes, "" for nowhere."""
    try:
        data = arrivals.whole(path, most=MAX_BYTES)
    except arrivals.TooLarge:
        refuse_large(company=company.id, name=path.name, by=by, at=clock())
        return REFUSED
    if data is None:
        return ""
    taken = take_file(company=company.id, data=data, name=path.name, by=by, at=clock())
    return REFUSED if taken.file.state == "refused" else DONE
