"""I28: the sent journal outside the database and the accepted mails are the same, both ways.

A line of the journal is `moment public-id kind subject customer document-hash`; the two first words are what counts. It is
read before and after the snapshot begins: a mail missing in the later reading was never written, a line of the earlier one
that the snapshot does not know was forgotten by the database.

After a restore a person confirms such lines (installation.confirmed), and the trail keeps their number: as many lines of
before as were confirmed are explained; one more, or one fewer, and all of them are named again.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from debitora.cli.checks.findings import Finding
from debitora.cli.checks.snapshot import Snapshot
from debitora.kit.runtime import home

_UNWRITTEN = "The mail left, and no line outside says so: find out where the journal went before the database is ever restored."
_FORGOTTEN = "Keep sending locked until the journal is replayed: the database does not know that this mail left, and would send it again."
_LEFT = ("accepted", "returned")
"""States of what a mail server took."""
_MAILS = """
    select i.id, i.public_id, i.state, i.customer_id as customer, b.sha256
    from messaging_intent i
    left join documents_blob b on b.company_id = i.company_id and b.id = i.document_id
    where i.company_id = %(company)s and i.channel = 'mail' order by i.id"""

_CONFIRMED = """
    select recorded_at as at, (facts->>'unknown')::int as lines from trail_record
    where company_id = %(company)s and verb = 'installation.confirmed' order by id desc limit 1"""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of the journal says: when, which mail, and by the last word with which document (empty in old lines)."""

    moment: datetime
    public_id: UUID
    document: str


def folder() -> Path:
    """Where the sent journals and the anchors lie: outside the database, at best on another disk."""
    return Path(os.environ.get("DEBITORA_JOURNAL") or home() / "journal")


def journal(company: int) -> list[Line]:
    """The whole lines of a company's journal; one that a crash cut short says nothing."""
    place = folder() / f"sent-{company}.log"
    if not place.exists():
        return []
    text = place.read_text("utf-8", errors="replace")
    whole = text[: text.rfind("\n") + 1].splitlines()
    return [line for words in map(str.split, whole) if (line := _line(words))]


def _line(words: list[str]) -> Line | None:
    try:
        moment = datetime.fromisoformat(words[0])
        return Line(moment, UUID(words[1]), words[5] if len(words) == 6 else "") if moment.tzinfo else None
    except (IndexError, ValueError):
        return None


def differing_journal(
    shot: Snapshot, *, code: str, params: dict[str, Any], before: list[Line]
) -> tuple[int, list[Finding]]:
    """How many mails and lines were compared, and what only one side knows. `before`: read before the snapshot."""
    earlier = {line.public_id: line for line in before}
    times = Counter(line.public_id for line in before)
    later = {line.public_id for line in journal(params["company"])}
    known, accepted, found = set(), 0, []
    for row in shot.rows(_MAILS, params):
        known.add(row["public_id"])
        accepted += row["state"] in _LEFT
        for what, advice in _of_mail(row, earlier.get(row["public_id"]), times, row["public_id"] in later):
            found.append(Finding("I28", code, f"message {row['id']}", what, advice, row["customer"]))
    found += [
        Finding("I28", code, f"journal line of {lost}", "the database knows no such message", _FORGOTTEN)
        for lost in sorted(_unexplained(shot, params, earlier, earlier.keys() - known), key=str)
    ]
    return accepted + len(times), found


def _unexplained(
    shot: Snapshot, params: dict[str, Any], lines: dict[UUID, Line], lost: set[UUID]
) -> set[UUID]:
    """Of the lines that the database does not know, those that nobody confirmed after a restore."""
    for confirmed in shot.rows(_CONFIRMED, params):
        before = {one for one in lost if lines[one].moment <= confirmed["at"]}
        if len(before) == confirmed["lines"]:
            return lost - before
    return lost


def _of_mail(
    row: dict[str, Any], line: Line | None, times: Counter[UUID], written: bool
) -> list[tuple[str, str]]:
    """What differs about one mail, each with its advice."""
    if row["state"] in _LEFT and not written:
        return [(f"{row['state']}, and not in the sent journal", _UNWRITTEN)]
    if line is None:
        return []
    faults = []
    if row["state"] not in (*_LEFT, "data_started"):
        faults.append((f"in the sent journal, and stands as {row['state']}", _FORGOTTEN))
    if times[line.public_id] > 1:
        faults.append((f"left {times[line.public_id]} times by the sent journal", _FORGOTTEN))
    if line.document not in ("", "-", row["sha256"]):
        faults.append(("left with another document by the sent journal", _UNWRITTEN))
    return faults
