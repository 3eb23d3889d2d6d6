"""`python -m bench.calibrating`: count how often proposals with each pattern of evidence are right, on companies whose truth is known.

Writes src/debitora/cash/rules/sureness.json. The seeds are those of `matching.FITTED`; what is published comes from others. Each company is
counted twice, the second time at a bank that tells accounts and names nowhere but in the text. Two rounds: the second counts what is
shown when the first one's counts rank the proposals.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import outflows
from bench.cases import Case, days, generated, text_alone
from bench.matching import FITTED, TERMS
from debitora.cash.rules import sureness
from debitora.cash.rules.exchanging import propose_exchanged
from debitora.cash.rules.proposing import Known, Proposal
from debitora.cash.rules.sureness import Counts, leaning

WHERE: Final = Path(sureness.__file__).with_name("sureness.json")
SIZE: Final = (5_000, 60_000)
LINES_OF: Final = 84
OUT_LINES_OF: Final = 420
"""Days of lines that are counted, of money in and out."""
SEEN: Final = 3
"""Patterns seen more rarely are left to what they lean on."""


def counted(cases: list[Case], before: Counts) -> dict[str, tuple[int, int]]:
    """Right and wrong by pattern, and by all that it leans on."""
    found: Counter[tuple[str, bool]] = Counter()
    for case in cases:
        truth = {
            line: (frozenset(zip(items, minors, strict=True)), customers)
            for line, items, minors, customers in case.truth.select(
                "line", "items", "minors", "customers"
            ).iter_rows()
        }
        for day in days(case):
            known = Known(
                day.items, day.customers, day.payers, terms=TERMS, habits=day.habits, counted=before
            )
            for one in propose_exchanged(day.lines, known):
                right = _is_right(one, *truth[one.line])
                found.update((name, right) for name in leaning(one.pattern, first=one.rank == 1))
    names = {name for name, _right in found}
    return {name: (found[name, True], found[name, False]) for name in sorted(names)}


def _is_right(one: Proposal, items: frozenset[tuple[int, int]], customers: list[int]) -> bool:
    answer = {(part.item, part.minor + part.discount + part.written_off) for part in one.parts}
    return answer == items and (bool(items) or one.customer in customers)


def _went_out() -> Iterator[outflows.Judged]:
    """Lines that went out: far fewer come back than come in, so more days of them are counted."""
    for seed in FITTED:
        yield from outflows.judged(
            seed=seed, customers=SIZE[0], items=SIZE[1], lines_of=OUT_LINES_OF, counted={}
        )


def main() -> None:
    """Count, and write."""
    customers, items = SIZE
    told = [generated(seed=seed, customers=customers, items=items, lines_of=LINES_OF) for seed in FITTED]
    cases = [*told, *(text_alone(case) for case in told)]
    sys.stdout.write(f"{sum(case.lines.height for case in cases)} lines\n")
    patterns = counted(cases, counted(cases, {}))
    patterns |= outflows.counted(_went_out())
    kept = {name: counts for name, counts in patterns.items() if sum(counts) >= SEEN}
    made = {"seeds": FITTED, "customers": customers, "items": items, "days": LINES_OF, "patterns": kept}
    WHERE.write_text(json.dumps(made, indent=0, sort_keys=True) + "\n", "utf-8")
    sys.stdout.write(f"{len(kept)} patterns\n")


if __name__ == "__main__":
    main()
