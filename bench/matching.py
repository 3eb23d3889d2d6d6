"""`python -m bench.matching`: how good matching is, on invented companies and on ledgers with their letters taken off.

Writes results/matching.json: for each case straight-through rate, precision, recall and the reliability table (see `judging`), by
kind of line, by what its text told, by who paid. Each company is judged twice, the second time at a bank that tells accounts and names
nowhere but in the text. Each day is matched with what was open that morning; the truth of the days before is
settled and learned, as if a person had put everything right each evening.

Confidence is fitted on the seeds of FITTED only; what is published comes from the seeds of PUBLISHED and from the ledgers, which no
fitting has seen.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Final

import polars as pl

from bench.cases import Case, Day, days, generated, text_alone
from bench.judging import PROPOSALS, SURE, judge, right_lines
from bench.letters import SIDES, Lettered, lettered
from bench.measure import RESULTS, machine
from debitora.cash.rules.exchanging import propose_exchanged
from debitora.cash.rules.explaining import Terms
from debitora.cash.rules.proposing import Known, proposals_frame

FITTED: Final = (11, 12, 13, 14)
PUBLISHED: Final = (101, 102, 103)
SIZES: Final = {"small": (400, 6_000), "medium": (10_000, 100_000), "large": (100_000, 1_000_000)}
"""Customers and items; four weeks of their lines are some 350, 5,500 and 55,000."""
TERMS: Final = Terms(discount_bp=200, discount_days=14, grace_days=3, write_off_minor=1_500)
"""What the invented companies promise, and let pass."""
CORPUS: Final = Path(os.environ.get("DEBITORA_CORPUS") or Path(__file__).parents[2] / "shared" / "corpus")
Proposer = Callable[[Day], pl.DataFrame]
"""Makes PROPOSALS of what a day shows."""


def proposed(day: Day) -> pl.DataFrame:
    """The product's proposals for a day."""
    known = Known(day.items, day.customers, day.payers, terms=TERMS, habits=day.habits)
    return proposals_frame(propose_exchanged(day.lines, known)).select(
        pl.col(name).cast(kind) for name, kind in PROPOSALS.items()
    )


def matched(case: Case, proposer: Proposer = proposed) -> tuple[pl.DataFrame, float]:
    """The proposals for all days of a case, and the seconds that they took."""
    found, seconds = [], 0.0
    for day in days(case):
        begun = perf_counter()
        found.append(proposer(day))
        seconds += perf_counter() - begun
    return (pl.concat(found) if found else pl.DataFrame(schema=PROPOSALS)), seconds


def judged(case: Case, proposer: Proposer = proposed, *, sure: int = SURE) -> dict[str, object]:
    """A case as it stands in the results."""
    proposals, seconds = matched(case, proposer)
    found = judge(proposals, case.truth, sure=sure)
    return {"case": case.name, **_sizes(case), "seconds": round(seconds, 2), "sure_bp": sure, **asdict(found)}


def judged_letters(one: Lettered, proposer: Proposer = proposed, *, sure: int = SURE) -> dict[str, object]:
    """A ledger as it stands in the results: beside the lines, how many letters were found again whole."""
    proposals, seconds = matched(one.case, proposer)
    found = judge(proposals, one.case.truth, sure=sure)
    right = right_lines(proposals, one.case.truth)
    again = [letter for letter, lines in one.letters.items() if right.issuperset(lines)]
    letters = {"letters": len(one.letters), "not_findable": len(one.not_findable), "found_again": len(again)}
    return {
        "case": one.case.name,
        **_sizes(one.case),
        **letters,
        "seconds": round(seconds, 2),
        **asdict(found),
    }


def ledgers(*, names_customer: bool) -> Iterator[Lettered]:
    """The corpus' ledgers that have letters, customers' and suppliers' accounts apart."""
    for path in sorted((CORPUS / "ledger-fec").rglob("*FEC*")):
        for prefix in SIDES:
            found = lettered(path, prefix=prefix, names_customer=names_customer)
            if found.letters:
                yield found


def _sizes(case: Case) -> dict[str, int]:
    return {"lines": len(case.lines), "items": len(case.items), "customers": len(case.customers)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge matching and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description=main.__doc__)
    parser.add_argument("--size", choices=SIZES, action="append", help="default: small and medium")
    parser.add_argument("--seeds", type=int, nargs="*", default=PUBLISHED, help="default: %(default)s")
    parser.add_argument(
        "--sure",
        type=int,
        default=SURE,
        help="basis points from which a line is booked (default %(default)s)",
    )
    parser.add_argument("--folder", type=Path, default=RESULTS)
    parser.add_argument(
        "--more", action="store_true", help="companies only, beside the cases that the results have already"
    )
    asked = parser.parse_args(arguments)
    told = list(_companies(asked.size or ("small", "medium"), asked.seeds, sure=asked.sure))
    if asked.more:
        told = [*_written(asked.folder), *told]
    else:
        told += _ledgers(sure=asked.sure)
    write(told, folder=asked.folder)


def _companies(sizes: Sequence[str], seeds: Sequence[int], *, sure: int) -> Iterator[dict[str, object]]:
    """Each company as its bank tells all, and as it tells a text alone."""
    for size in sizes:
        customers, items = SIZES[size]
        for seed in seeds:
            case = generated(seed=seed, customers=customers, items=items)
            for alone, one in ((False, case), (True, text_alone(case))):
                yield _said({"text_alone": alone, **judged(one, sure=sure)})


def _ledgers(*, sure: int) -> Iterator[dict[str, object]]:
    for names_customer in (False, True):
        for one in ledgers(names_customer=names_customer):
            yield _said({"names_customer": names_customer, **judged_letters(one, sure=sure)})


def _written(folder: Path) -> list[dict[str, object]]:
    """The cases that stand in the results."""
    cases: list[dict[str, object]] = json.loads((folder / "matching.json").read_text("utf-8"))["cases"]
    return cases


def write(told: Sequence[dict[str, object]], *, folder: Path = RESULTS) -> Path:
    """Write matching.json: the machine, then the cases. Returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "matching.json"
    result = {"name": "matching", "machine": machine(), "cases": list(told)}
    path.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return path


def _said(told: dict[str, object]) -> dict[str, object]:
    """Print the case, and give it back."""
    rates = " ".join(f"{name} {told[name]}" for name in ("straight_through", "precision", "recall"))
    letters = f" letters {told['found_again']}/{told['letters']}" if "letters" in told else ""
    print(
        f"{told['case']:<40} {told['lines']:>7,} lines {told['items']:>9,} items {told['seconds']:>7} s  {rates}{letters}",
        flush=True,
    )
    return told


if __name__ == "__main__":
    main()
