"""The page docs/reference/performance.md: its tables are written from results/*.json, its sentences are kept.

`python -m bench.report` writes it anew. Between two marks stands what is generated; the rest says method and limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bench.measure import RESULTS

PAGE: Final = Path(__file__).parent.parent / "docs" / "reference" / "performance.md"
_MARKED: Final = re.compile(r"(<!-- figures -->\n).*(<!-- end of figures -->)", re.DOTALL)
_HEAD: Final = (
    "| what | size | median s | all s | a second | peak MiB |\n| --- | ---: | ---: | --- | ---: | ---: |\n"
)


def page(text: str, results: Path = RESULTS) -> str:
    """The page's text with the figures of today's results."""
    return _MARKED.sub(lambda marks: f"{marks[1]}\n{tables(results)}\n{marks[2]}", text)


def tables(results: Path) -> str:
    """One table over all results, and the machine of each that they were measured on."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(results.glob("*.json"))]
    rows = "".join(f"{row}\n" for one in found for row in _rows(one))
    machines = dict.fromkeys(_machine(one["machine"]) for one in found)
    return _HEAD + rows + "\n" + "\n".join(f"Measured on {each}." for each in machines) + "\n"


def _rows(result: dict[str, Any]) -> Iterator[str]:
    for one in result["measurements"]:
        size = ", ".join(f"{count:,} {unit}" for unit, count in one["sizes"].items())
        seconds = ", ".join(f"{each:.2f}" for each in one["seconds"])
        pace = max(one["sizes"].values(), default=0) / one["median"]
        yield f"| {result['name']} | {size} | {one['median']:.2f} | {seconds} | {pace:,.0f} | {one['peak_mib']:,} |"


def _machine(facts: dict[str, Any]) -> str:
    return (
        f"{facts['cores']} cores, {facts['memory_gib']} GiB, {facts['system']}, Python {facts['python']},"
        f" PostgreSQL {facts['postgresql']}"
    )


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
