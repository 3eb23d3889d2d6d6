"""What approving a run would do: how many notices, for which sums, on which ways."""

from __future__ import annotations

from dataclasses import dataclass

from debitora.dunning.queries.lists import NoticeFilters, portions

_GOING = ("proposed", "no_recipient")


@dataclass(frozen=True, slots=True)
class Consequences:
    """Numbers of notices that would be made, by way, and those held back; sums in minor units by currency."""

    by_mail: int
    by_letter: int
    by_both: int
    by_call: int
    without_recipient: int
    withheld: int
    sums: dict[str, int]

    @property
    def notices(self) -> int:
        """All that would go with the run, those without a recipient included."""
        return self.by_mail + self.by_letter + self.by_both + self.by_call + self.without_recipient


def consequences(*, run: int) -> Consequences:
    """What approving the proposed run would do as things stand."""
    ways = dict.fromkeys(("mail", "letter", "both", "call", ""), 0)
    withheld, sums = 0, dict[str, int]()
    for part in portions(filters=NoticeFilters(run=run)):
        if part.state in _GOING:
            ways[part.way] += part.notices
            sums[part.currency] = sums.get(part.currency, 0) + part.total_minor
        elif part.state == "withheld":
            withheld += part.notices
    return Consequences(
        by_mail=ways["mail"],
        by_letter=ways["letter"],
        by_both=ways["both"],
        by_call=ways["call"],
        without_recipient=ways[""],
        withheld=withheld,
        sums=sums,
    )
