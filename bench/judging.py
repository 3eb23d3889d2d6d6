"""How good a matcher is: what it proposes against what is true. No benchmark; independent of how proposals are made.

A proposal is right when it takes exactly the true sums off exactly the true items; half right is wrong. Booked by itself is a
first proposal that names items and is as sure as the threshold asks.

- straight-through rate: of the lines that pay items, how many were booked and right
- precision: of those booked, how many were right; what is nobody's, an advance or a double payment counts as booked wrongly
- recall: of the lines that pay items, how many have a right first proposal, booked or not
- reliability: by confidence, how many first proposals were right; calibrated means: as many as the confidence says
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

PROPOSALS: Final = {
    "line": pl.Int64,
    "rank": pl.Int64,  # 1 is first
    "customer": pl.Int64,
    "items": pl.List(pl.Int64),
    "minors": pl.List(pl.Int64),  # taken off each item, discount and what is written off included
    "confidence": pl.Int64,  # basis points, 0 to 10,000
}
SURE: Final = 9_990
"""Basis points from which a line is booked, where nobody says otherwise: a wrong booking costs as much as a thousand looks."""
BUCKETS: Final = (0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 9_500, 9_900, 9_990)
MOST_SHOWN: Final = 5
_Answer = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """First proposals of some confidence (basis points, from which): how many, their mean confidence, how many were right."""

    confidence: int
    count: int
    mean: float
    right: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines of some kind: those that pay items, first proposals right, right within the five shown, booked, booked and right."""

    lines: int = 0
    paying: int = 0
    first_right: int = 0
    shown_right: int = 0
    booked: int = 0
    booked_right: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(mine + its for mine, its in zip(asdict(self).values(), asdict(other).values(), strict=True))
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """All lines together, by kind, by what the text told, by who paid; and the reliability table. Rates are None where nothing
    was to be counted."""

    all: Counts
    straight_through: float | None
    precision: float | None
    recall: float | None
    kinds: Mapping[str, Counts]
    told: Mapping[str, Counts]
    who: Mapping[str, Counts]
    reliability: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: str
    told: str
    who: str
    counts: Counts
    confidence: int | None
    is_right: bool


def judge(proposals: pl.DataFrame, truth: pl.DataFrame, *, sure: int = SURE) -> Judgement:
    """Hold proposals (PROPOSALS) against the truth (`cases.TRUTH`); every line of the truth is judged."""
    shown = _by_line(proposals)
    verdicts = [
        _verdict(shown.get(line, []), kind, told, who, _answer(items, minors), sure)
        for line, kind, told, who, items, minors in truth.select(
            "line", "kind", "told", "who", "items", "minors"
        ).iter_rows()
    ]
    total = sum((one.counts for one in verdicts), Counts())
    return Judgement(
        all=total,
        straight_through=_rate(total.booked_right, total.paying),
        precision=_rate(total.booked_right, total.booked),
        recall=_rate(total.first_right, total.paying),
        kinds=_by(verdicts, "kind"),
        told=_by(verdicts, "told"),
        who=_by(verdicts, "who"),
        reliability=tuple(_reliability(verdicts)),
    )


def right_lines(proposals: pl.DataFrame, truth: pl.DataFrame) -> set[int]:
    """Lines whose first proposal is right."""
    shown = _by_line(proposals)
    true = truth.select("line", "items", "minors").iter_rows()
    return {
        line for line, items, minors in true if line in shown and shown[line][0][1] == _answer(items, minors)
    }


def _by_line(proposals: pl.DataFrame) -> dict[int, list[tuple[int, _Answer]]]:
    """Confidence and answer of the proposals of each line, the first ones first."""
    found: dict[int, list[tuple[int, _Answer]]] = {}
    ranked = proposals.sort("line", "rank").select("line", "confidence", "items", "minors")
    for line, confidence, items, minors in ranked.iter_rows():
        found.setdefault(line, []).append((confidence, _answer(items, minors)))
    return found


def _answer(items: list[int], minors: list[int]) -> _Answer:
    return tuple(sorted(zip(items, minors, strict=True)))


def _verdict(
    shown: list[tuple[int, _Answer]], kind: str, told: str, who: str, true: _Answer, sure: int
) -> _Verdict:
    confidence, first = shown[0] if shown else (None, ())
    is_right = bool(shown) and first == true
    booked = confidence is not None and confidence >= sure and bool(first)
    counts = Counts(
        lines=1,
        paying=bool(true),
        first_right=is_right and bool(true),
        shown_right=bool(true) and any(answer == true for _, answer in shown[:MOST_SHOWN]),
        booked=booked,
        booked_right=booked and is_right,
    )
    return _Verdict(kind, told, who, counts, confidence, is_right)


def _by(verdicts: Iterable[_Verdict], name: str) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for one in verdicts:
        key = getattr(one, name)
        found[key] = found.get(key, Counts()) + one.counts
    return dict(sorted(found.items()))


def _reliability(verdicts: Iterable[_Verdict]) -> Iterable[Bucket]:
    """The first proposals by confidence; a proposal of no item is right where the money is for none."""
    sure = [(one.confidence, one.is_right) for one in verdicts if one.confidence is not None]
    for least, next_one in zip(BUCKETS, (*BUCKETS[1:], 10_001), strict=True):
        inside = [(confidence, right) for confidence, right in sure if least <= confidence < next_one]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            yield Bucket(least, len(inside), round(mean, 1), sum(right for _, right in inside))


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 5) if whole else None
