"""The tables of docs/reference/matching.md, written from results/matching.json; the sentences of the page are kept.

`python -m bench.matching_page` writes it anew. Between two marks stands what is generated.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.measure import RESULTS

PAGE: Final = Path(__file__).parent.parent / "docs" / "reference" / "matching.md"
_MARKED: Final = re.compile(r"(<!-- figures -->\n).*(<!-- end of figures -->)", re.DOTALL)
_Case = Mapping[str, Any]
_COUNTS: Final = ("lines", "paying", "first_right", "shown_right", "booked", "booked_right")


def page(text: str, results: Path = RESULTS) -> str:
    """The page's text with the figures of the results."""
    return _MARKED.sub(lambda marks: f"{marks[1]}\n{tables(results)}\n{marks[2]}", text)


def tables(results: Path = RESULTS) -> str:
    """What the results say, as tables; a sentence where there are none."""
    path = results / "matching.json"
    if not path.exists():
        return "Nothing was measured yet.\n"
    told = json.loads(path.read_text("utf-8"))
    ledgers = [case for case in told["cases"] if "letters" in case]
    alone = [case for case in told["cases"] if case.get("text_alone")]
    invented = [case for case in told["cases"] if "letters" not in case and case not in alone]
    parts = [
        _cases(invented),
        _reliability(invented),
        *_groups(invented),
        _cases(alone) if alone else "",
        _reliability(alone),
        _ledgers(ledgers),
        _reliability(ledgers),
        _outflows(results / "outflows.json"),
    ]
    return "\n".join(part for part in parts if part)


def _cases(cases: Sequence[_Case]) -> str:
    """Each company, and all of them together."""
    rows = [(case["case"], case["lines"], case["items"], case["all"]) for case in cases]
    rows.append(
        (
            "all",
            sum(case["lines"] for case in cases),
            sum(case["items"] for case in cases),
            _sum(case["all"] for case in cases),
        )
    )
    heads = (
        "company",
        "lines in",
        "items",
        "paying items",
        "booked",
        "straight-through",
        "booked wrongly",
        "precision",
        "recall",
        "among five",
    )
    return _table(heads, (_case_cells(*row) for row in rows))


def _case_cells(name: str, lines: int, items: int, counts: Mapping[str, int]) -> Iterator[str]:
    wrong = counts["booked"] - counts["booked_right"]
    yield from (name, f"{lines:,}", f"{items:,}", f"{counts['paying']:,}", f"{counts['booked']:,}")
    yield from (_percent(counts["booked_right"], counts["paying"]), f"{wrong:,}")
    yield _percent(counts["booked_right"], counts["booked"], digits=3)
    yield from (_percent(counts[name], counts["paying"]) for name in ("first_right", "shown_right"))


def _reliability(cases: Sequence[_Case]) -> str:
    """First proposals by what they said of themselves, beside how many were right."""
    found: dict[int, list[float]] = {}
    for bucket in (bucket for case in cases for bucket in case["reliability"]):
        sums = found.setdefault(bucket["confidence"], [0, 0, 0])
        sums[0] += bucket["count"]
        sums[1] += bucket["count"] * bucket["mean"]
        sums[2] += bucket["right"]
    rows = (
        (
            f"{least / 100:g} %",
            f"{int(count):,}",
            f"{said / count / 100:.2f} %",
            _percent(right, count, digits=2),
        )
        for least, (count, said, right) in sorted(found.items())
    )
    return (
        _table(("confidence from", "first proposals", "said on average", "were right"), rows) if found else ""
    )


def _groups(cases: Sequence[_Case]) -> Iterator[str]:
    """Lines by kind, by what their text told, by who paid."""
    for group, head in (("kinds", "kind of line"), ("told", "what the text told"), ("who", "who paid")):
        names = sorted({name for case in cases for name in case[group]})
        sums = {name: _sum(case[group][name] for case in cases if name in case[group]) for name in names}
        rows = (
            (
                name or "nobody's",
                f"{counts['lines']:,}",
                f"{counts['booked']:,}",
                f"{counts['booked'] - counts['booked_right']:,}",
                _percent(counts["first_right"], counts["paying"]),
                _percent(counts["shown_right"], counts["paying"]),
            )
            for name, counts in sorted(sums.items(), key=lambda one: -one[1]["lines"])
        )
        yield _table((head, "lines", "booked", "booked wrongly", "first is right", "among five"), rows)


def _ledgers(cases: Sequence[_Case]) -> str:
    rows = (
        (
            case["case"],
            "yes" if case["names_customer"] else "",
            f"{case['letters']:,}",
            f"{case['not_findable']:,}",
            f"{case['found_again']:,}",
            _percent(case["found_again"], case["letters"]),
            f"{case['lines']:,}",
            f"{case['all']['first_right']:,}",
            f"{case['all']['booked']:,}",
            f"{case['all']['booked'] - case['all']['booked_right']:,}",
        )
        for case in cases
    )
    heads = (
        "ledger, account",
        "customer told",
        "letters",
        "not findable",
        "found again",
        "share",
        "lines",
        "first is right",
        "booked",
        "booked wrongly",
    )
    return _table(heads, rows) if cases else ""


def _outflows(path: Path) -> str:
    """Money that went out, by kind of line, all companies together."""
    cases = json.loads(path.read_text("utf-8"))["cases"] if path.exists() else ()
    kinds = sorted({kind for case in cases for kind in case["kinds"]})
    sums = [(kind, Counter[str]()) for kind in kinds]
    for kind, counts in sums:
        for case in cases:
            counts.update(case["kinds"].get(kind, {}))
    rows = (
        (
            kind, f"{counts['lines']:,}", f"{counts['proposed']:,}", f"{counts['booked']:,}",
            f"{counts['booked'] - counts['booked_right']:,}", _percent(counts["first_right"], counts["about"]),
        )
        for kind, counts in sums
    )  # fmt: skip
    heads = ("money out", "lines", "proposed", "booked", "booked wrongly", "first is right")
    return _table(heads, rows) if sums else ""


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    several = list(counts)
    return {name: sum(one[name] for one in several) for name in _COUNTS}


def _percent(part: float, whole: float, *, digits: int = 1) -> str:
    return f"{100 * part / whole:.{digits}f} %" if whole else ""


def _table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
