"""How far a notice has come, from what has happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ENDS: Final = ("accepted", "printed", "called", "stopped", "refused", "returned", "cancelled")
"""Events after which a notice is neither made nor sent any more."""


@dataclass(frozen=True, slots=True)
class Course:
    """Whether a notice is rendered, has ended, and is held back by a person: each may be so without the others.

    Rendered is also what needs no letter because somebody calls (`is_call`). `came_back`: its message left, and another server reported that it was not delivered; even after it had counted as sent.
    """

    is_rendered: bool
    has_ended: bool
    came_back: bool
    is_withheld: bool
    is_call: bool = False

    @property
    def is_call_due(self) -> bool:
        """Whether somebody still has to telephone."""
        return self.is_call and not self.has_ended

    @property
    def bar(self) -> str:
        """What stands against rendering the notice: "rendered", "ended" or "withheld", in this order; empty: nothing."""
        if self.is_rendered:
            return "rendered"
        if self.has_ended:
            return "ended"
        return "withheld" if self.is_withheld else ""


def course_of(kinds: Sequence[str]) -> Course:
    """The course of a notice with these events, oldest first. The last of withheld and reinstated counts."""
    held = [kind for kind in kinds if kind in ("withheld", "reinstated")]
    return Course(
        is_rendered="rendered" in kinds or "call_due" in kinds,
        has_ended=not set(kinds).isdisjoint(ENDS),
        came_back="returned" in kinds,
        is_withheld=held[-1:] == ["withheld"],
        is_call="call_due" in kinds,
    )
