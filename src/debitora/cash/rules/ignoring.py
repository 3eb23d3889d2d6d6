"""Lines that are none of a customer's: what people set aside for a reason, line after line, is proposed to be set aside.

Whether a line comes from, or goes to, somebody whose lines were set aside before is told by the other account, else by the name, else by
the kind of transaction. How sure that is, is counted for each counterpart: of n lines, k set aside for this reason, the next one is with
(k + 1) in (n + 2), Laplace's rule of succession.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from debitora.cash.rules.proposing import MOST_PROPOSED, Proposal
from debitora.cash.rules.sureness import CERTAIN, MOST

IGNORED: Final = "ignored"
OWN_TRANSFER: Final = "own_transfer"
OFTEN: Final = 3
"""So many lines of a counterpart must have been set aside for a reason before another is proposed to be."""
MOST_COUNTERPART: Final = 140

Counted = Mapping[str, int]
"""By reason, how often a counterpart's lines were set aside for it."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A line as far as its counterpart goes: minor units signed as the line, the other account, its name, the kind of transaction."""

    line: int
    minor: int
    account: str
    name: str
    code: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Counterpart and way."""
        return counterpart_of(account=self.account, name=self.name, code=self.code), way_of(self.minor)


@dataclass(frozen=True, slots=True, eq=False)
class Asides:
    """What was set aside by counterpart and way; the company's own accounts; how often money from an account was a customer's."""

    times: Mapping[tuple[str, str], Counted] = field(default_factory=dict)
    own_accounts: frozenset[str] = frozenset()
    paid: Mapping[str, int] = field(default_factory=dict)


def counterpart_of(*, account: str, name: str, code: str = "") -> str:
    """By what lines of one counterpart are known again; "" where the bank says nothing of it."""
    return (account or " ".join(name.upper().split()) or code)[:MOST_COUNTERPART]


def way_of(minor: int) -> str:
    """`in` or `out`."""
    return "in" if minor > 0 else "out"


def propose_ignoring(line: Movement, known: Asides) -> Proposal | None:
    """That a line be set aside, if its counterpart's lines were often enough, or it is between the company's own accounts."""
    counted = known.times.get(line.key, {})
    own = line.account != "" and line.account in known.own_accounts
    often = {reason: times for reason, times in counted.items() if times >= OFTEN}
    reason = OWN_TRANSFER if own else max(sorted(often), key=often.__getitem__, default="")
    if not reason:
        return None
    times = counted.get(reason, 0)
    others = sum(counted.values()) - times
    if line.minor > 0:
        others += known.paid.get(line.account, 0)
    evidence = [
        ("own_account", own),
        ("often_ignored", times >= OFTEN),
        ("otherwise_before", others > 0),
    ]
    return Proposal(
        line=line.line,
        rank=1,
        customer=0,
        kind=IGNORED,
        parts=(),
        confidence=min(MOST, CERTAIN * (times + 1) // (times + others + 2)),
        evidence=tuple(code for code, speaks in evidence if speaks),
        pattern=f"{IGNORED}|{reason}",
        ignored_for=reason,
    )


def beside(some: Sequence[Proposal], one: Proposal) -> list[Proposal]:
    """Proposals of a line with one more among them, ranked anew; of equally sure ones it comes last."""
    ordered = sorted([*some, one], key=lambda each: -each.confidence)[:MOST_PROPOSED]
    return [replace(each, rank=rank) for rank, each in enumerate(ordered, start=1)]
