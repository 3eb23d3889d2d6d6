"""What lines may be, the surest first: pointers and explanations together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import polars as pl

from debitora.cash.rules.abbreviating import kept_by
from debitora.cash.rules.explaining import BY_NAME, Answer, Explanation, Line, OpenItem, Terms, explanations
from debitora.cash.rules.spreading import Exchanged, Part
from debitora.cash.rules.sureness import Counts, Pointer, confidence, evidence_of, pattern_of
from debitora.engine.abbreviations import abbreviated
from debitora.engine.matching import mentioned, pointers
from debitora.values.money import MAX_MINOR

MOST_PROPOSED: Final = 5
EXACT: Final = frozenset({"named", "named_net", "named_discount", "one", "all_due", "all_open", "sum"})
"""Kinds that come to the cent: two of them with other items contest each other."""
HABITUAL: Final = 3
_OPEN_ITEM: Final = ("item", "customer", "open_minor", "due_on", "issued_on", "listed")
"""The columns of items that make an OpenItem."""
HALF: Final = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line may be: parts of items of a customer, or of several of her group. confidence in basis points.

    customer: 0 where the line is none of a customer's; ignored_for says then why.
    exchanged: what the line counts as where it pays items in another currency.
    """

    line: int
    rank: int
    customer: int
    kind: str
    parts: tuple[Part, ...]
    confidence: int
    evidence: tuple[str, ...]
    pattern: str
    exchanged: Exchanged | None = None
    ignored_for: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What lines are held against: ITEMS, CUSTOMERS and PAYERS of `engine.matching`; what is open of whom is looked up by row.

    charges: items that are costs or interest. habits: kinds by customer, how often. own: patterns as this company's people decided.
    """

    items: pl.DataFrame
    customers: pl.DataFrame
    payers: pl.DataFrame
    terms: Terms = field(default_factory=Terms)
    charges: frozenset[int] = frozenset()
    habits: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    own: Counts = field(default_factory=dict)
    counted: Counts | None = None


_Candidate = tuple[Pointer, Explanation]


class _Judged(NamedTuple):
    """An explanation with whose it is, and how sure. contested: another one comes to the cent, too."""

    sure: int
    pattern: str
    answer: Answer
    pointer: Pointer
    one: Explanation
    contested: bool


def propose(lines: pl.DataFrame, known: Known) -> list[Proposal]:
    """At most five proposals for each of LINES, ranked; a line that nothing points from has none."""
    said = _said(lines, known)
    pointing = pointers(lines, known.items, known.customers, known.payers, said)
    named = _named(said)
    owned = _Owned(known.items, pointing["customer"].unique())
    pointed = _pointers(lines, pointing, known.payers)
    found: list[Proposal] = []
    for line, minor, booked_on, currency in lines.select(
        "line", "minor", "booked_on", "currency"
    ).iter_rows():
        asked = _Asked(
            Line(minor, booked_on), pointed.get(line, []), currency, named.get(line, {}), owned, known
        )
        found += _ranked(line, asked.candidates(), known)
    return _each_item_once(found, known.items)


def _said(lines: pl.DataFrame, known: Known) -> pl.DataFrame:
    """What is mentioned, also as the payer abbreviates it."""
    said, kept = mentioned(lines, known.items), kept_by(known.habits)
    if kept.is_empty():
        return said
    more = abbreviated(lines, known.items, known.payers, kept)
    return pl.concat([said, more.join(said, on=["line", "item"], how="anti")])


def _named(said: pl.DataFrame) -> dict[int, dict[int, bool]]:
    """By line, the items mentioned, and whether wholly and by nobody else's number."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for line, item, whole, bearers in said.select("line", "item", "whole", "bearers").iter_rows():
        found[line][item] = whole or (bearers == 1 and found[line].get(item, False))
    return found


class _Owned:
    """What is open by customer and currency, the oldest first, of those whom lines point to.

    Most of them are never looked at, so what is open of one is built when she is.
    """

    def __init__(self, items: pl.DataFrame, customers: pl.Series) -> None:
        hers = items.filter(pl.col("customer").is_in(customers.implode()))
        self._items = hers.select(*_OPEN_ITEM, "currency").sort("customer", "currency", "due_on", "item")
        runs = (
            self._items.with_row_index().group_by("customer", "currency").agg(pl.col("index").min(), pl.len())
        )
        self._places = {(customer, currency): where for customer, currency, *where in runs.iter_rows()}
        self._built: dict[tuple[int, str], list[OpenItem]] = {}

    def of(self, customer: int, currency: str) -> list[OpenItem]:
        """What is open of her in this currency."""
        key = customer, currency
        if key not in self._built:
            rows = self._items.slice(*self._places.get(key, (0, 0))).rows()
            self._built[key] = [OpenItem(*row[:-1]) for row in rows]
        return self._built[key]


def _pointers(lines: pl.DataFrame, pointing: pl.DataFrame, payers: pl.DataFrame) -> dict[int, list[Pointer]]:
    strangers = set(payers.filter(pl.col("times") > 0)["payer"])
    known = {line for line, payer in lines.select("line", "payer").iter_rows() if payer in strangers}
    found: dict[int, list[Pointer]] = defaultdict(list)
    for line, customer, times, named, hinted, by_number, name, bearers in pointing.iter_rows():
        elsewhere = times == 0 and line in known
        found[line].append(
            Pointer(customer, times, named, hinted, by_number, name, bearers, payer_elsewhere=elsewhere)
        )
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """A line with whom it points to, what it names, and what is open of whom."""

    line: Line
    pointed: Sequence[Pointer]
    currency: str
    named: Mapping[int, bool]
    owned: _Owned
    known: Known

    def candidates(self) -> list[_Candidate]:
        """What each customer may have paid; once something is explained by name, nobody's amounts are searched."""
        found: list[_Candidate] = []
        by_name = False
        for pointer in sorted(self.pointed, key=_says_nothing):
            if by_name and _says_nothing(pointer):
                break
            looks_at_sums = not by_name and (
                pointer.payer_times > 0 or pointer.by_number or _is_named(pointer)
            )
            some = explanations(
                self.line,
                self._hers(pointer),
                self.named,
                self.known.terms,
                amounts=not by_name,
                sums=looks_at_sums,
                charges=self.known.charges,
            )
            found += [(pointer, one) for one in some]
            by_name = by_name or any(one.kind in BY_NAME for one in some)
        found += self._together()
        found += [
            (pointer, Explanation("advance", ()))
            for pointer in self.pointed
            if pointer.payer_times or pointer.by_number
        ]
        return found

    def _hers(self, pointer: Pointer) -> list[OpenItem]:
        return self.owned.of(pointer.customer, self.currency)

    def _together(self) -> list[_Candidate]:
        """Items of several customers are named: a payment for all of them."""
        whole = [pointer for pointer in self.pointed if pointer.named_items]
        if len(whole) < 2:
            return []
        items = [item for pointer in whole for item in self._hers(pointer) if self.named.get(item.item)]
        first = max(
            whole, key=lambda pointer: (pointer.payer_times, pointer.name_percent, pointer.named_items)
        )
        pointer = replace(first, named_items=sum(one.named_items for one in whole), several_customers=True)
        owners = {item.item: item.customer for item in items}
        found = explanations(self.line, items, self.named, self.known.terms, charges=self.known.charges)
        return [(pointer, one) for one in found if len({owners[part.item] for part in one.parts}) > 1]


def _says_nothing(pointer: Pointer) -> bool:
    """Nothing of hers is named: she is looked at after those of whom something is."""
    return not (pointer.named_items or pointer.hinted_items)


def _is_named(pointer: Pointer) -> bool:
    """Her name or her items stand in the line, or nearly so."""
    return bool(pointer.named_items or pointer.hinted_items) or pointer.name_percent >= HALF


def _ranked(line: int, candidates: Sequence[_Candidate], known: Known) -> list[Proposal]:
    """The surest of each answer, the surest answers first."""
    answered = [(one.answer, pointer, one) for pointer, one in candidates]
    exact = {answer for answer, _pointer, one in answered if one.kind in EXACT}
    best: dict[tuple[int, Answer], _Judged] = {}
    for answer, pointer, one in answered:
        contested = len(exact) > (answer in exact)
        habit = known.habits.get(pointer.customer, {}).get(one.kind, 0) >= HABITUAL
        pattern = pattern_of(one, pointer, contested=contested, habit=habit)
        sure = confidence(pattern, own=known.own, counted=known.counted)
        key = (pointer.customer if not one.parts else 0, answer)
        if key not in best or best[key].sure < sure:
            best[key] = _Judged(sure, pattern, answer, pointer, one, contested)
    ordered = sorted(best.values(), key=lambda found: (-found.sure, found.pointer.customer, found.answer))
    shown = [_as_first(found, known) for found in ordered[:1]] + ordered[1:MOST_PROPOSED]
    return [_proposal(line, rank, found) for rank, found in enumerate(shown, start=1)]


def _as_first(found: _Judged, known: Known) -> _Judged:
    """How sure it is, now that it is known that nothing is surer."""
    return found._replace(sure=confidence(found.pattern, first=True, own=known.own, counted=known.counted))


def _each_item_once(proposals: Sequence[Proposal], items: pl.DataFrame) -> list[Proposal]:
    """Where lines want more of an item than is open, the surest has it, of equally sure ones the first; the others lose what rests on it."""
    first = sorted((one for one in proposals if one.rank == 1), key=lambda one: (-one.confidence, one.line))
    wanted = Counter(part.item for one in first for part in one.parts)
    fought = [item for item, times in wanted.items() if times > 1]
    if not fought:
        return list(proposals)
    hers = items.filter(pl.col("item").is_in(fought)).select("item", "open_minor")
    left = {item: abs(minor) for item, minor in hers.iter_rows()}
    losers = set()
    for one in first:
        if all(_taken(part) <= left.get(part.item, MAX_MINOR) for part in one.parts):
            for part in one.parts:
                if part.item in left:
                    left[part.item] -= _taken(part)
        else:
            losers.add(one.line)
    by_line: dict[int, list[Proposal]] = defaultdict(list)
    for one in proposals:
        loses = one.line in losers and any(
            _taken(part) > left.get(part.item, MAX_MINOR) for part in one.parts
        )
        if not loses:
            by_line[one.line].append(one)
    return [
        one if one.rank == rank else replace(one, rank=rank)
        for kept in by_line.values()
        for rank, one in enumerate(kept, start=1)
    ]


def _taken(part: Part) -> int:
    return abs(part.minor + part.discount + part.written_off)


def _proposal(line: int, rank: int, found: _Judged) -> Proposal:
    habit = found.pattern.endswith("H")
    evidence = evidence_of(found.one, found.pointer, contested=found.contested, habit=habit)
    return Proposal(
        line,
        rank,
        found.pointer.customer,
        found.one.kind,
        found.one.parts,
        found.sure,
        tuple(evidence),
        found.pattern,
    )


def proposals_frame(proposals: Iterable[Proposal]) -> pl.DataFrame:
    """Proposals by column: line, rank, customer, items, minors (all that is taken off each item), confidence, kind, pattern."""
    found = [
        (
            one.line, one.rank, one.customer, [part.item for part in one.parts],
            [part.minor + part.discount + part.written_off for part in one.parts], one.confidence, one.kind, one.pattern,
        )
        for one in proposals
    ]  # fmt: skip
    schema: dict[str, type[pl.DataType] | pl.DataType] = {
        "line": pl.Int64, "rank": pl.Int64, "customer": pl.Int64, "items": pl.List(pl.Int64), "minors": pl.List(pl.Int64),
        "confidence": pl.Int64, "kind": pl.String, "pattern": pl.String,
    }  # fmt: skip
    return pl.DataFrame(found, schema=schema, orient="row")
