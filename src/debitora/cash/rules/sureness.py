"""How sure a proposal is: of those with the same evidence, so many were right.

Evidence is put into a pattern: kind of explanation, what points to the customer, how many rivals there are. How often each was right was
counted on invented companies whose truth is known (sureness.json, written by `python -m bench.calibrating`); rare patterns lean on
coarser ones. Of a line's first proposal it counts, too, that nothing is surer. What people of this company decided comes on top.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from debitora.cash.rules.explaining import Explanation

CERTAIN: Final = 10_000
"""Basis points."""
LEANING: Final = 25
"""A pattern weighs as much as what it leans on when it was seen so often."""
OWN: Final = 200
"""The counts that come with the product weigh as much as so many decisions of one's own."""
WHOLE: Final = 10**12
"""A share is a whole number of so many parts."""
START: Final = 3 * WHOLE // 10
"""Where nothing was ever counted."""
MOST: Final = 9_999
MOST_FOR_ANOTHER: Final = 9_900 * WHOLE // CERTAIN
"""That an account known as one customer's pays for another is so sure at most when it is seen first, however often that was counted:
invented payers never mistake whom they pay. From then on it is known as the other's, too."""
_NAMES: Final = ((90, "N"), (50, "n"))
_FOR_ANOTHER: Final = "|x"
"""How a pattern tells that the payer's account is known as another customer's."""
_COUNTED_AS: Final = {"by_law_charges": "by_law"}
"""The order of the law is as likely with charges as without."""

Counts = Mapping[str, tuple[int, int]]
"""By pattern, how often it was right, and wrong."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What points from a line to a customer, as `engine.matching.POINTERS` has it.

    payer_elsewhere: the account is known, as another customer's. group: she was reached through another of her group.
    """

    customer: int
    payer_times: int = 0
    named_items: int = 0
    hinted_items: int = 0
    by_number: bool = False
    name_percent: int = 0
    amount_bearers: int = 0
    payer_elsewhere: bool = False
    several_customers: bool = False


def pattern_of(one: Explanation, pointer: Pointer, *, contested: bool, habit: bool) -> str:
    """The evidence as a pattern, the weightiest first: what follows a bar may be left out to find what it leans on."""
    payer = "P" if pointer.payer_times >= 3 else "p" if pointer.payer_times else ""
    payer = payer or ("x" if pointer.payer_elsewhere else "-")
    name = next((letter for least, letter in _NAMES if pointer.name_percent >= least), "-")
    whose = payer + ("k" if pointer.by_number else "-")
    rivals = "1" if one.rivals == 1 else "2" if one.rivals == 2 else "3"
    rivals += "" if one.complete else "o"
    many = "1" if len(one.parts) <= 1 else "2" if len(one.parts) <= 3 else "4"
    said = "i" if pointer.named_items else "h" if pointer.hinted_items else "-"
    bearers = "u" if pointer.amount_bearers == 1 else "f" if pointer.amount_bearers else "-"
    term = "t" if one.in_term else "-"
    kind = _COUNTED_AS.get(one.kind, one.kind) + ("+" if pointer.several_customers else "")
    return "|".join(
        (
            kind,
            rivals + term + ("c" if contested else "-"),
            whose + said,
            name + many,
            bearers + ("l" if one.settled_per_list else "-") + ("H" if habit else "-"),
        )
    )


def evidence_of(one: Explanation, pointer: Pointer, *, contested: bool, habit: bool) -> list[str]:
    """The codes of what speaks for a proposal, and of what speaks against it, the weightiest first."""
    found = [
        ("items_named" if pointer.named_items > 1 else "item_named", pointer.named_items > 0),
        ("item_hinted", pointer.hinted_items > 0 and not pointer.named_items),
        ("payer_known", pointer.payer_times > 0),
        ("third_party", pointer.payer_elsewhere),
        ("customer_number", pointer.by_number),
        ("name_exact", pointer.name_percent >= 90),
        ("name_like", 50 <= pointer.name_percent < 90),
        ("within_discount_term", one.rate > 0 and one.in_term),
        ("late_discount", one.rate > 0 and not one.in_term),
        ("bank_fee", one.kind in ("named_fee", "one_fee")),
        ("amount_only_one", pointer.amount_bearers == 1 and one.kind == "one"),
        ("amount_few", pointer.amount_bearers > 1 and one.kind == "one"),
        ("group", pointer.several_customers),
        ("habit", habit),
        ("settled_per_list", one.settled_per_list),
        ("complete_search", one.kind == "sum" and one.complete and one.rivals == 1),
        ("rivals", one.rivals > 1 or contested),
    ]
    return [code for code, speaks in found if speaks]


EVIDENCE: Final = (
    "item_named",
    "items_named",
    "item_hinted",
    "payer_known",
    "third_party",
    "customer_number",
    "name_exact",
    "name_like",
    "within_discount_term",
    "late_discount",
    "bank_fee",
    "amount_only_one",
    "amount_few",
    "group",
    "habit",
    "settled_per_list",
    "complete_search",
    "rivals",
)
"""Every code that `evidence_of` gives."""


def confidence(
    pattern: str, *, first: bool = False, own: Counts | None = None, counted: Counts | None = None
) -> int:
    """Basis points: so many of ten thousand with this pattern are right. own: what this company's people decided.

    first: nothing else that the line may be is surer; that speaks for it, too.
    """
    share = _standard_share(pattern, first) if counted is None else _share(pattern, first, counted)
    share = _leaning_on(share, (own or {}).get(pattern, (0, 0)), OWN)
    return min(MOST, share * CERTAIN // WHOLE)


@cache
def _standard_share(pattern: str, first: bool) -> int:
    """Of some thousand patterns that there can be."""
    return _share(pattern, first, standard())


def _share(pattern: str, first: bool, counted: Counts) -> int:
    share, most = START, _most_with_rivals(pattern)
    for place, name in enumerate(leaning(pattern, first=first)):
        before = min(share, most) if place == 1 else share
        share = _leaning_on(before, counted.get(name, (0, 0)), LEANING)
    return min(share, MOST_FOR_ANOTHER) if _FOR_ANOTHER in pattern else share


def _most_with_rivals(pattern: str) -> int:
    """The share from which a pattern with rivals starts: of so many that are equally good one is right, however sure its kind is."""
    rivals = pattern.partition("|")[2].partition("|")[0]
    several = int(rivals[0]) if rivals[:1].isdecimal() else 1
    return WHOLE // max(several, 1 + rivals.endswith("c"))


def _leaning_on(share: int, counts: tuple[int, int], weight: int) -> int:
    """The share of right ones among counts that start from a share as if that had been counted `weight` times."""
    right, wrong = counts
    return (right * WHOLE + weight * share) // (right + wrong + weight)


def leaning(pattern: str, *, first: bool = False) -> Sequence[str]:
    """The pattern with all that it leans on, the coarsest first; where it is the first of its line, that comes last."""
    pieces = [*pattern.split("|"), "1"] if first else pattern.split("|")
    return ["|".join(pieces[: upto + 1]) for upto in range(len(pieces))]


def sure_from(care: int) -> int:
    """From which confidence a line is booked without asking, if a wrong booking weighs as much as looking at `care` lines.

    Booking is the lesser evil where (1 - p) * care < 1.
    """
    return CERTAIN - CERTAIN // max(care, 1)


@cache
def standard() -> Counts:
    """What was counted on invented companies."""
    told = json.loads((Path(__file__).parent / "sureness.json").read_text("utf-8"))
    return {pattern: (right, wrong) for pattern, (right, wrong) in told["patterns"].items()}
