"""`python -m bench.outflows`: how good proposals for money that went out are, on invented companies whose truth is known.

What the bank took back has a truth: the latest payment before it, of the same items from the same account. What the company paid back,
too: the one credit that it names, or the double payment. All else that goes out (suppliers, wages, taxes) is nobody's: each proposal
for it is wrong. Payments are known as if each had been booked on its day; accounts, as if each had been learned.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from bench.cases import DAY
from bench.measure import RESULTS, machine
from debitora.cash.rules.outgoing import (
    MOST_RETURN_FEE,
    RETURN,
    Credit,
    OutLine,
    Paid,
    books_alone,
    propose_outgoing,
    says_return,
)
from debitora.cash.rules.proposing import Proposal
from debitora.cash.rules.sureness import Counts, leaning, sure_from
from debitora.demo.bank.lines import bank_lines
from debitora.demo.generator import generate
from debitora.demo.truth import Truth

BACK: Final = timedelta(days=425)
SURE: Final = sure_from(1_000)
_PAYS: Final = ("returned", "recalled")


@dataclass(frozen=True, slots=True)
class Judged:
    """A line that went out: its kind, its proposals, and the item that it is about; None is nobody's."""

    kind: str
    proposals: Sequence[Proposal]
    item: int | None

    def is_right(self, one: Proposal) -> bool:
        """Whether a proposal says just what the line is: what comes back is no refund, and the other way round."""
        return self.item == one.parts[0].item and (one.kind == RETURN) == (self.kind in _PAYS)


@dataclass(slots=True)
class _Known:
    """What came in so far, by what an outgoing line may share with it; and whose accounts are known."""

    by: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    payers: set[tuple[str, int]] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def learn(self, row: dict[str, Any]) -> None:
        """A payment of one customer came in."""
        for name in ("end_to_end", "mandate", "payer_iban"):
            if row[name]:
                self.by[name, row[name]].append(row)
        self.by["minor", str(row["minor"])].append(row)
        self.payers.add((row["payer_iban"], row["customer"]))

    def shared(self, row: dict[str, Any], line: OutLine) -> list[dict[str, Any]]:
        """As sql/returnable.sql finds them: what may be taken back by the line, the closest and latest first, ten at most."""
        keys = [(name, row[name]) for name in ("end_to_end", "mandate", "payer_iban") if row[name]]
        if line.says_return:
            keys += [("minor", str(line.minor)), ("minor", str(line.minor - line.fee))]
        slack = max(line.fee, MOST_RETURN_FEE if line.says_return else 0)
        found = {one["line"]: one for key in keys for one in self.by.get(key, ())}
        fitting = [
            one
            for one in found.values()
            if one["line"] not in self.gone
            and one["currency"] == row["currency"]
            and one["booked_on"] >= row["booked_on"] - BACK
            and line.minor - slack <= one["minor"] <= line.minor
        ]
        return sorted(fitting, key=lambda one: (*(not same for same in _same(one, row)), -one["line"]))[:10]


def _same(one: dict[str, Any], row: dict[str, Any]) -> list[bool]:
    return [row[name] != "" and one[name] == row[name] for name in ("end_to_end", "mandate", "payer_iban")]


def judged(
    *, seed: int, customers: int, items: int, lines_of: int, counted: Counts | None = None
) -> Iterator[Judged]:
    """Every line that went out in the last days of an invented company; four weeks before are known."""
    truth = generate(seed=seed, customers=customers, items=items, months=18, on=DAY)
    since = DAY - timedelta(days=lines_of - 1)
    told = bank_lines(truth, since=since - timedelta(days=28), until=DAY).lines
    people = dict(truth.customers.select("customer", pl.struct("number", "name")).iter_rows())
    open_credits, known, doubles = _credits(truth), _Known(), []
    for row in told.iter_rows(named=True):
        if row["minor"] > 0:
            if row["customer"] is not None and len(set(row["owners"])) <= 1:
                known.learn(row)
                doubles += [row] if row["kind"] == "double" else []
            continue
        line = OutLine(
            row["line"], -row["minor"], row["fee_minor"], says_return(reversal=False, reason=row["return_reason"], text=row["text"])
        )  # fmt: skip
        paid = [
            Paid(-one["line"] - 1, one["customer"], one["minor"], *_same(one, row))
            for one in known.shared(row, line)
        ]
        left = _left(row, open_credits, doubles, known, people)
        about = _about(row, known, doubles)
        if row["booked_on"] >= since:
            yield Judged(row["kind"], propose_outgoing(line, paid, left, counted=counted), about)
        if about is not None and about < 0:
            known.gone.add(-about - 1)
            doubles = [one for one in doubles if one["line"] != -about - 1]


def _credits(truth: Truth) -> dict[str, list[dict[str, Any]]]:
    """Credits by currency, each with what moved it and when."""
    rows = truth.items.filter(pl.col("amount_minor") < 0)
    moved = truth.movements.join(rows.select("item"), on="item").sort("item", "moved_on")
    moves: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for item, on, minor in moved.select("item", "moved_on", "minor").iter_rows():
        moves[item].append((on, minor))
    found = defaultdict(list)
    for row in rows.iter_rows(named=True):
        found[row["currency"]].append(row | {"moves": moves[row["item"]]})
    return found


def _left(
    row: dict[str, Any],
    open_credits: dict[str, list[dict[str, Any]]],
    doubles: Sequence[dict[str, Any]],
    known: _Known,
    people: dict[int, dict[str, str]],
) -> list[Credit]:
    """As sql/refundable.sql finds them: credits of just the amount to which something else points."""
    notes = [
        (one["item"], one["customer"], one["number"])
        for one in open_credits.get(row["currency"], ())
        if one["issued_on"] < row["booked_on"] and _open_on(one, row["booked_on"]) == row["minor"]
    ]
    notes += [
        (-one["line"] - 1, one["customer"], "")
        for one in doubles
        if one["minor"] == -row["minor"] and one["currency"] == row["currency"]
    ]
    said = _bare(f"{row['text']}{row['reference']}{row['end_to_end']}")
    found = [
        Credit(
            item,
            customer,
            -row["minor"],
            account=(row["payer_iban"], customer) in known.payers,
            name=people[customer]["name"].lower() == row["payer_name"].lower(),
            named=len(_bare(number)) >= 4 and _bare(number) in said,
            by_number=len(_bare(people[customer]["number"])) >= 4
            and _bare(people[customer]["number"]) in said,
        )
        for item, customer, number in notes
    ]
    return [one for one in found if one.account or one.name or one.named or one.by_number][:10]


def _open_on(credit: dict[str, Any], on: date) -> int:
    """What was open of a credit in the morning, below zero."""
    return int(credit["amount_minor"]) + sum(minor for day, minor in credit["moves"] if day < on)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _about(row: dict[str, Any], known: _Known, doubles: Sequence[dict[str, Any]]) -> int | None:
    """The item that a line is about; a payment's is its line, turned round."""
    if row["kind"] in _PAYS:
        alike = known.by.get(("minor", str(-row["minor"] - row["fee_minor"])), ())
        told = ("items", "payer_iban", "customer")
        fitting = [one["line"] for one in alike if all(one[name] == row[name] for name in told)]
        return -max(fitting) - 1 if fitting else None
    if row["kind"] == "double_refund":
        fitting = [
            one["line"]
            for one in doubles
            if one["payer_iban"] == row["payer_iban"] and one["minor"] == -row["minor"]
        ]
        return -max(fitting) - 1 if fitting else None
    only = len(row["items"]) == 1 and row["kind"] == "refund"
    return int(row["items"][0]) if only else None


def counted(lines: Iterator[Judged]) -> dict[str, tuple[int, int]]:
    """Right and wrong by pattern, and by all that it leans on."""
    found: Counter[tuple[str, bool]] = Counter()
    for line in lines:
        for one in line.proposals:
            found.update((name, line.is_right(one)) for name in leaning(one.pattern))
    names = sorted({name for name, _right in found})
    return {name: (found[name, True], found[name, False]) for name in names}


def figures(lines: Iterator[Judged]) -> dict[str, dict[str, int]]:
    """By kind of line: how many, how many that are about something, first proposals right, booked, and booked rightly."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        first = line.proposals[0] if line.proposals else None
        right = first is not None and line.is_right(first)
        alone = first is not None and books_alone(first) and first.confidence >= SURE
        found[line.kind].update(
            lines=1, about=line.item is not None, proposed=first is not None, first_right=right, booked=alone,
            booked_right=alone and right,
        )  # fmt: skip
    return {kind: dict(counts) for kind, counts in sorted(found.items())}


def main() -> None:
    """Judge the published seeds and write results/outflows.json."""
    write([case_of(seed, customers=10_000, items=100_000, lines_of=28) for seed in (101, 102, 103)])


def case_of(seed: int, *, customers: int, items: int, lines_of: int) -> dict[str, Any]:
    """A company as it stands in the results."""
    lines = judged(seed=seed, customers=customers, items=items, lines_of=lines_of)
    return {"case": f"generated {seed}", "kinds": figures(lines)}


def write(cases: Sequence[dict[str, Any]], *, folder: Path = RESULTS) -> None:
    """Write outflows.json: the machine, then the cases."""
    path = folder / "outflows.json"
    path.write_text(
        json.dumps({"name": "outflows", "machine": machine(), "cases": cases}, indent=2) + "\n", "utf-8"
    )
    sys.stdout.write(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
