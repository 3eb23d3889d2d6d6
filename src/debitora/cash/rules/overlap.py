"""Which lines of a statement are new to an account, and which it has already.

Banks tell the same movement several times: as the day's movements, as a statement, in another format, in a file of a longer
period. They name it by no number that all formats carry. What is the same everywhere is the day and the amount; so lines are
compared among those of equal day and amount, and counted: two genuinely equal payments of a day stay two, however often and in
whatever order they are told (TRUST B02 to B06).

Two things may decide within such a group. Balances prove: a statement that begins where the account ended brings only new
lines, unless it may repeat some that came to nothing; one with the balances of a known one brings none. Where balances say
nothing, references and words do. Where those contradict, a person is asked: nothing is doubled, and nothing is dropped silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

MOST_COMPARED: Final = 2_500
"""So many pairs of a group are compared by words at most; beyond it the group is only counted."""


class Proof(StrEnum):
    """What the balances of a statement say about its lines."""

    CONTINUES = "continues"  # it begins where the account ended: what it brings is not proven yet
    REPEATS = "repeats"  # it has the balances of one that is known: nothing in it is new
    NONE = "none"  # it overlaps, or has no balances


class Found(StrEnum):
    """What a line is to the account."""

    NEW = "new"
    SAME = "same"
    DOUBTFUL = "doubtful"  # as many as are known, but nothing in common with them: a person decides


@dataclass(frozen=True, slots=True)
class Movement:
    """What tells one movement from another of equal day and amount.

    exact: a digest of all that the bank said. names: references of the bank and of the payer, and the payer's account, each with
    its kind (`end_to_end:4711`). words: those of the payer's name and text, in capitals. provisional: announced, not booked.
    """

    key: int
    day: date
    minor: int
    exact: str
    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line is, and the key of the known movement that it repeats or resembles in day and amount."""

    line: int
    found: Found
    known: int | None = None


def compare(
    known: Iterable[Movement], lines: Sequence[Movement], *, proof: Proof = Proof.NONE
) -> list[Verdict]:
    """A verdict on each line, in their order. `known`: the account's movements on the days of the lines.

    No known movement is repeated by two lines. The order of lines changes nothing but which of two equal ones is called new.
    """
    groups: dict[tuple[date, int], list[Movement]] = defaultdict(list)
    for one in known:
        if not one.proven or proof is not Proof.CONTINUES:
            groups[one.day, one.minor].append(one)
    wanted: dict[tuple[date, int], list[Movement]] = defaultdict(list)
    for line in lines:
        wanted[line.day, line.minor].append(line)
    verdicts = {
        verdict.line: verdict
        for place, group in wanted.items()
        for verdict in _in_group(groups.get(place, []), group, proof)
    }
    return [verdicts[line.key] for line in lines]


def compare_adjoining(
    known: Sequence[Movement], lines: Sequence[Movement], *, apart: Set[int] = frozenset()
) -> list[Verdict]:
    """Verdicts on the lines of a statement that begins where the account ends, or ends where it begins.

    Balances prove all its lines new, unless it may repeat what came to nothing and left the balance as it was. Then they are
    compared. apart: known movements whose statement the bank numbers otherwise, as another one of the same days.
    """
    verdicts = compare(known, lines)
    proven = {one.key: one for one in known if one.proven}
    repeated = [proven[one.known] for one in verdicts if one.known in proven]
    days = {one.day for one in proven.values()}
    told = [line.minor for line in lines if line.day in days]
    is_part = len(told) == len(repeated) and not sum(one.minor for one in proven.values())
    is_apart = all(one.key in apart for one in repeated)
    if not sum(one.minor for one in repeated) or not sum(told) or (is_part and not is_apart):
        return verdicts
    return compare(known, lines, proof=Proof.CONTINUES)


def doubted(verdicts: Iterable[Verdict], known: Set[int]) -> list[Verdict]:
    """The verdicts, with a question for each line that was found to be one of these known movements."""
    return [
        replace(one, found=Found.DOUBTFUL) if one.found is Found.SAME and one.known in known else one
        for one in verdicts
    ]


def _in_group(known: list[Movement], lines: list[Movement], proof: Proof) -> list[Verdict]:
    """Equal day and amount: first what is exactly equal, then what shares a reference, then what is worded alike."""
    pairs: list[tuple[Movement, Movement, bool]] = []
    for alike in (_exactly, _by_name, _by_words):
        taken = alike(known, lines)
        pairs += [(one, line, True) for one, line in taken]
        known = _without(known, [one for one, _line in taken])
        lines = _without(lines, [line for _one, line in taken])
    left = list(zip(known, lines, strict=False))
    pairs += [(one, line, proof is Proof.REPEATS or _says_nothing(one, line)) for one, line in left]
    new = [Verdict(line.key, Found.NEW) for line in lines[len(left) :]]
    return new + [
        Verdict(line.key, Found.SAME if sure else Found.DOUBTFUL, one.key) for one, line, sure in pairs
    ]


def _exactly(known: list[Movement], lines: list[Movement]) -> list[tuple[Movement, Movement]]:
    by_digest: dict[str, list[Movement]] = defaultdict(list)
    for one in reversed(known):
        by_digest[one.exact].append(one)
    return [(by_digest[line.exact].pop(), line) for line in lines if by_digest[line.exact]]


def _by_name(known: list[Movement], lines: list[Movement]) -> list[tuple[Movement, Movement]]:
    """Those that share a reference which no other of the group has."""
    bearers = _bearers(known)
    claims = _bearers(lines)
    pairs: dict[int, tuple[Movement, Movement]] = {}
    paired: set[int] = set()
    for name in sorted(bearers.keys() & claims.keys()):
        if len(bearers[name]) == len(claims[name]) == 1:
            one, line = bearers[name][0], claims[name][0]
            if one.key not in pairs and line.key not in paired:
                pairs[one.key] = (one, line)
                paired.add(line.key)
    return list(pairs.values())


def _bearers(movements: Iterable[Movement]) -> dict[str, list[Movement]]:
    found: dict[str, list[Movement]] = defaultdict(list)
    for one in movements:
        for name in one.names:
            found[name].append(one)
    return found


def _by_words(known: list[Movement], lines: list[Movement]) -> list[tuple[Movement, Movement]]:
    """The most alike first, as long as half of the shorter one's words are the other's, too."""
    if not known or not lines or len(known) * len(lines) > MOST_COMPARED:
        return []
    ranked = sorted(
        ((_alike(one, line), one, line) for one in known for line in lines),
        key=lambda pair: (-pair[0], pair[1].exact, pair[2].exact),
    )
    pairs: list[tuple[Movement, Movement]] = []
    spent: set[tuple[str, int]] = set()
    for share, one, line in ranked:
        if share * 2 >= 1 and not {("known", one.key), ("line", line.key)} & spent:
            pairs.append((one, line))
            spent |= {("known", one.key), ("line", line.key)}
    return pairs


def _alike(one: Movement, line: Movement) -> float:  # not money: a share
    """The share of the shorter one's words that the other has; 0 where one says nothing or their references contradict."""
    shorter = min(len(one.words), len(line.words))
    if not shorter or _contradict(one, line):
        return 0.0
    return len(one.words & line.words) / shorter


def _contradict(one: Movement, line: Movement) -> bool:
    """Both carry a reference of the same kind, and not the same."""
    return any(_of_kind(one, kind) != _of_kind(line, kind) for kind in _kinds(one) & _kinds(line))


def _says_nothing(one: Movement, line: Movement) -> bool:
    """Neither contradicts: at least one has neither words nor references to be held against the other's."""
    return not (one.words and line.words) and not _contradict(one, line)


def _kinds(movement: Movement) -> set[str]:
    return {name.partition(":")[0] for name in movement.names}


def _of_kind(movement: Movement, kind: str) -> set[str]:
    return {name for name in movement.names if name.startswith(f"{kind}:")}


def _without(movements: list[Movement], taken: Iterable[Movement]) -> list[Movement]:
    keys = {one.key for one in taken}
    return [one for one in movements if one.key not in keys] if keys else movements
