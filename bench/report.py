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
    """Tables of pages and peer, one over all other results, and the machine of each that they were measured on."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(results.glob("*.json"))]
    rows = "".join(f"{row}\n" for one in found for row in _rows(one))
    told = "".join(f"\n{_OF_ITS_OWN[one['name']](one)}\n" for one in found if one["name"] in _OF_ITS_OWN)
    machines = dict.fromkeys(_machine(one["machine"]) for one in found)
    return _HEAD + rows + told + "\n" + "\n".join(f"Measured on {each}." for each in machines) + "\n"


def _rows(result: dict[str, Any]) -> Iterator[str]:
    for one in result.get("measurements", ()):
        size = ", ".join(f"{count:,} {unit}" for unit, count in one["sizes"].items())
        seconds = ", ".join(f"{each:.2f}" for each in one["seconds"])
        pace = max(one["sizes"].values(), default=0) / one["median"]
        yield f"| {result['name']} | {size} | {one['median']:.2f} | {seconds} | {pace:,.0f} | {one['peak_mib']:,} |"


def _pages(result: dict[str, Any]) -> str:
    """Every page with its milliseconds in the server; those the bound is promised for are marked."""
    asked = result["asked"]
    rows = "\n".join(
        f"| {one['page']} | {'yes' if one['promised'] else ''} | {one['p50']:.0f} | {one['p95']:.0f} |"
        f" {one['longest']:.0f} | {one['kib']} |"
        for one in result["pages"]
    )
    return (
        f"Pages over {asked['items']:,} items of {asked['customers']:,} customers, {asked['at_once']} asking at once;"
        f" bound: {asked['bound_ms']:.0f} ms for 95 of 100 answers.\n\n"
        "| page | promised | p50 ms | p95 ms | longest ms | KiB |\n| --- | --- | ---: | ---: | ---: | ---: |\n"
        + rows
    )


def _peer(result: dict[str, Any]) -> str:
    """Both sides with their steps, the ratio, and who checks what."""
    asked = result["asked"]
    rows = "\n".join(
        f"| {side['name']} | {side['median']:.2f} | {', '.join(f'{each:.2f}' for each in side['seconds'])} |"
        f" {side['items_a_second']:,} | {', '.join(f'{step} {took:.2f}' for step, took in side['steps'].items())} |"
        for side in result["sides"]
    )
    checks = "\n".join(
        f"- Checked by {who}{'' if who == 'both' else ' only'}: {'; '.join(told)}."
        for who, told in result["checks"].items()
    )
    return (
        f"A run over {asked['items']:,} items of {asked['customers']:,} customers, all overdue, beside"
        f" {result['peer']}: **{result['ratio']:.0f} times** as fast.\n\n"
        "| side | median s | all s | items a second | steps s |\n| --- | ---: | --- | ---: | --- |\n"
        f"{rows}\n\n{checks}"
    )


_OF_ITS_OWN: Final = {"pages": _pages, "peer": _peer}
"""Results that have a table of their own."""


def _machine(facts: dict[str, Any]) -> str:
    return (
        f"{facts['cores']} cores, {facts['memory_gib']} GiB, {facts['system']}, Python {facts['python']},"
        f" PostgreSQL {facts['postgresql']}"
    )


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
