"""What a customer may have paid, by tables; how sure that is; how money and credits meet debits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.cash.rules.explaining import KINDS, Explanation, Line, OpenItem, Terms, explanations
from debitora.cash.rules.spreading import Part, Share, SharesDoNotFit, pairs, refuse_misfits
from debitora.cash.rules.sureness import (
    EVIDENCE,
    Pointer,
    confidence,
    evidence_of,
    leaning,
    pattern_of,
    standard,
    sure_from,
)

DAY = date(2026, 11, 2)
TERMS = Terms(discount_bp=200, discount_days=14, grace_days=3, write_off_minor=500)


def an_item(
    item: int, minor: int, *, due: int = -10, issued: int | None = -40, listed: bool = False
) -> OpenItem:
    """Due and issued so many days from the line's day."""
    issued_on = None if issued is None else DAY + timedelta(days=issued)
    return OpenItem(item, 1, minor, DAY + timedelta(days=due), issued_on, listed)


LEDGER = [
    an_item(1, 10_000, due=-30),
    an_item(2, 2_500, due=-20, issued=-10),
    an_item(3, -500),
    an_item(4, 7_777, due=20, issued=-5),
    an_item(5, 999, due=15),
]


def explained(minor: int, named: dict[int, bool] | None = None, items: Any = None) -> list[Explanation]:
    by_due = sorted(LEDGER if items is None else items, key=lambda item: (item.due_on, item.item))
    return explanations(Line(minor, DAY), by_due, named or {}, TERMS)


@pytest.mark.parametrize(
    ("minor", "named", "kind", "parts"),
    [
        (10_000, {1: True}, "named", [(1, 10_000, 0, 0)]),
        (12_500, {1: True, 2: True}, "named", [(1, 10_000, 0, 0), (2, 2_500, 0, 0)]),
        (10_000, {1: False}, "named", [(1, 10_000, 0, 0)]),
        (9_500, {1: True}, "named_net", [(1, 10_000, 0, 0), (3, -500, 0, 0)]),
        (7_621, {4: True}, "named_discount", [(4, 7_621, 156, 0)]),
        (9_700, {1: True}, "named_discount", [(1, 9_700, 300, 0)]),
        (9_960, {1: True}, "named_fee", [(1, 9_960, 0, 40)]),
        (9_000, {1: True}, "named_fee", [(1, 9_000, 0, 0)]),
        (10_999, {1: True}, "named_more", [(1, 10_000, 0, 0), (5, 999, 0, 0)]),
        (4_000, {1: True}, "named_part", [(1, 4_000, 0, 0)]),
        (11_000, {1: True, 2: True}, "named_part", [(1, 10_000, 0, 0), (2, 1_000, 0, 0)]),
        (10_111, {1: True}, "named_over", [(1, 10_000, 0, 0)]),
        (7_777, {}, "one", [(4, 7_777, 0, 0)]),
        (12_000, {}, "all_due", [(1, 10_000, 0, 0), (2, 2_500, 0, 0), (3, -500, 0, 0)]),
        (20_776, {}, "all_open", [(1, 10_000, 0, 0), (2, 2_500, 0, 0), (3, -500, 0, 0), (5, 999, 0, 0), (4, 7_777, 0, 0)]),
        (17_777, {}, "sum", [(1, 10_000, 0, 0), (4, 7_777, 0, 0)]),
        (9_800, {}, "one_discount", [(1, 9_800, 200, 0)]),
        (11_750, {}, "due_discount", [(1, 9_800, 200, 0), (2, 2_450, 50, 0), (3, -500, 0, 0)]),
        (2_470, {}, "one_fee", [(2, 2_470, 0, 30)]),
        (11_111, {}, "by_law", [(1, 10_000, 0, 0), (2, 1_111, 0, 0)]),
    ],
)  # fmt: skip
def test_what_may_have_been_paid(
    minor: int, named: dict[int, bool], kind: str, parts: list[tuple[int, int, int, int]]
) -> None:
    found = {one.kind: one for one in reversed(explained(minor, named))}
    assert sorted(
        (part.item, part.minor, part.discount, part.written_off) for part in found[kind].parts
    ) == sorted(parts)
    assert kind in KINDS


def test_a_discount_on_what_is_in_time_only() -> None:
    found = next(one for one in explained(12_450, {1: True, 2: True}) if one.kind == "named_discount")
    assert found.in_term
    assert {part.item: part.discount for part in found.parts} == {1: 0, 2: 50}


def test_rivals_are_counted_and_a_search_says_whether_it_was_complete() -> None:
    twins = [an_item(n, 1_000) for n in (1, 2, 3)]
    assert {one.rivals for one in explained(1_000, items=twins)} == {3}
    assert {one.rivals for one in explained(2_000, items=twins) if one.kind == "sum"} == {3}
    many = [an_item(n, 1_000 + n) for n in range(60)]
    assert not next(one for one in explained(2_001, items=many) if one.kind == "sum").complete
    crowd = [an_item(n, 10_000 + n) for n in range(200)]
    assert [one.kind for one in explained(5, items=crowd)] == ["by_law"]


def test_an_invoice_and_the_credit_that_cancels_it_are_part_of_no_payment() -> None:
    """They stand beside what is paid, and no explanation takes them along, unless they are named."""
    cancelled = [an_item(1, 23_210, due=-60), an_item(2, -23_210, due=-50)]
    single = explained(57_848, items=[*cancelled, an_item(3, 57_848)])
    assert [(one.kind, [part.item for part in one.parts]) for one in single] == [("one", [3])]
    both = explained(12_000, items=[*cancelled, an_item(3, 10_000), an_item(4, 2_000)])
    assert [(one.kind, [part.item for part in one.parts]) for one in both] == [("all_due", [3, 4])]
    (named,) = explained(100, {1: True, 2: True, 3: True}, items=[*cancelled, an_item(3, 100)])
    assert (named.kind, [part.item for part in named.parts]) == ("named", [1, 2, 3])


def test_of_several_that_a_credit_may_cancel_the_last_due_is_left_out() -> None:
    rent = [an_item(1, 900, due=-60), an_item(2, 900, due=-30), an_item(3, -900, due=-29), an_item(4, 50)]
    found = {one.kind: [part.item for part in one.parts] for one in reversed(explained(950, items=rent))}
    assert found["all_due"] == [1, 4]
    assert found["sum"] == [2, 4], "the other one is a rival, not hidden"


def test_charges_that_stand_open_are_paid_with_what_is_named() -> None:
    """Five euros for a reminder: found where the ledger has them, an overpayment where it has not."""
    ledger = [an_item(1, 10_000), an_item(2, 500)]
    (found,) = (one for one in explained(10_500, {1: True}, items=ledger) if one.kind == "named_more")
    assert [part.item for part in found.parts] == [1, 2]
    kinds = [one.kind for one in explained(10_500, {1: True}, items=ledger[:1])]
    assert kinds[0] == "named_over"


def test_what_a_list_has_settled_explains_only_by_name() -> None:
    gone = [an_item(1, 10_000, listed=True), an_item(2, 50)]
    assert [one.kind for one in explained(10_000, items=gone)] == ["by_law"]
    (named,) = (one for one in explained(10_000, {1: True}, items=gone) if one.kind == "named")
    assert named.settled_per_list


@given(
    minors=st.lists(st.integers(-5_000, 9_000).filter(bool), min_size=1, max_size=8),
    minor=st.integers(1, 20_000),
    named=st.dictionaries(st.integers(0, 7), st.booleans()),
)
def test_every_explanation_can_be_booked(minors: list[int], minor: int, named: dict[int, bool]) -> None:
    """No part beyond its item, none on the wrong side, all of them within the amount; and no two settle the same."""
    items = [an_item(n, one, issued=-n * 5) for n, one in enumerate(minors)]
    found = explained(minor, named, items=items)
    assert len({one.answer for one in found}) == len(found)
    for one in found:
        refuse_misfits([Share(1, minor, one.parts)])
        for part in one.parts:
            taken = part.minor + part.discount + part.written_off
            assert abs(taken) <= abs(minors[part.item])
            assert (taken > 0) == (minors[part.item] > 0)
        if one.kind not in ("named_over", "named_part", "by_law"):
            assert sum(part.minor for part in one.parts) == minor


@given(
    debits=st.lists(st.integers(1, 500), min_size=1, max_size=6),
    credits_=st.lists(st.integers(1, 300), max_size=4),
)
def test_credits_are_set_off_first_and_nothing_is_lost(debits: list[int], credits_: list[int]) -> None:
    parts = [Part(n, minor) for n, minor in enumerate(debits)]
    parts += [Part(100 + n, -minor) for n, minor in enumerate(credits_)]
    if sum(credits_) > sum(debits):
        with pytest.raises(SharesDoNotFit):
            refuse_misfits([Share(1, 1_000_000, tuple(parts))])
        return
    put = list(pairs(parts))
    assert {n: sum(m for _c, d, m in put if d == n) for n in range(len(debits))} == dict(enumerate(debits))
    for n, minor in enumerate(credits_):
        assert sum(m for c, _d, m in put if c == 100 + n) == minor
    assert all(m > 0 for _c, _d, m in put)


def test_confidence_is_what_was_counted() -> None:
    """Ten thousand right of ten thousand and one; what was never seen leans on what is coarser; one's own decisions count."""
    counted = {"named": (10_000, 1), "named|a": (10_000, 1), "one": (1, 99)}
    assert confidence("named|a|b", counted=counted) == 9_998
    assert confidence("one|x", counted=counted) < 800
    assert confidence("unheard|of", counted=counted) == 3_000
    own = {"one|x": (2_000, 0)}
    assert confidence("one|x", own=own, counted=counted) > 9_000
    assert leaning("a|b|c") == ["a", "a|b", "a|b|c"]
    assert max(confidence(pattern) for pattern in standard()) <= 9_999


def test_where_nothing_was_counted_rivals_bound_what_one_leans_on() -> None:
    """Of three that are equally good one is right, however often the kind is right where it stands alone; counts outweigh that."""
    counted = {"one": (10_000, 100)}
    assert confidence("one|1--|---", counted=counted) > 9_800
    assert confidence("one|2--|---", counted=counted) == 5_000
    assert confidence("one|1-c|---", counted=counted) == 5_000
    assert confidence("one|3oc|---", counted=counted) == 3_333
    assert confidence("one|3--|---", counted=counted | {"one|3--": (1_000, 0)}) > 9_800


def test_that_nothing_is_surer_speaks_for_a_proposal() -> None:
    """An advance is nearly always beside something better; where it is not, it is right more often."""
    counted = {"advance": (50, 950), "advance|1--": (50, 950), "advance|1--|1": (40, 60)}
    assert confidence("advance|1--", counted=counted) < 600
    assert confidence("advance|1--", first=True, counted=counted) > 3_000
    assert leaning("a|b", first=True) == ["a", "a|b", "a|b|1"]


def test_that_an_account_pays_for_somebody_else_is_not_booked_when_it_is_seen_first() -> None:
    counted = {"named": (100_000, 0)}
    assert confidence("named|1--|--i", counted=counted) >= sure_from(1_000)
    assert confidence("named|1--|x-i|N1", counted=counted) == 9_900
    assert confidence("named|1--|x-i", own={"named|1--|x-i": (5_000, 0)}, counted=counted) > 9_990


@pytest.mark.parametrize(("care", "least"), [(1, 0), (20, 9_500), (100, 9_900), (1_000, 9_990), (0, 0)])
def test_the_threshold_follows_from_what_an_error_costs(care: int, least: int) -> None:
    assert sure_from(care) == least


def test_evidence_is_told_as_codes_and_as_a_pattern() -> None:
    one = Explanation("sum", (Part(1, 5), Part(2, 6)), rivals=1, settled_per_list=True)
    pointer = Pointer(1, 4, 0, 1, True, 100, 1, several_customers=True)
    told = evidence_of(one, pointer, contested=True, habit=True)
    assert told == [
        "item_hinted", "payer_known", "customer_number", "name_exact", "group", "habit", "settled_per_list",
        "complete_search", "rivals",
    ]  # fmt: skip
    assert set(told) <= set(EVIDENCE)
    assert pattern_of(one, pointer, contested=True, habit=True) == "sum+|1-c|Pkh|N2|ulH"
    strange = Pointer(1, 0, 2, 0, False, 60, 3, payer_elsewhere=True)
    late = Explanation("one_discount", (Part(1, 98, 2),), rivals=2, rate=200)
    assert evidence_of(late, strange, contested=False, habit=False) == [
        "items_named", "third_party", "name_like", "late_discount", "rivals",
    ]  # fmt: skip
    assert pattern_of(late, strange, contested=False, habit=False) == "one_discount|2--|x-i|n1|f--"


def test_charges_come_before_what_they_were_charged_for_where_the_money_does_not_suffice() -> None:
    """§ 367 (1) before § 366 (2) BGB, and never where all is paid."""
    items = [OpenItem(1, 7, 10_000, DAY), OpenItem(2, 7, 500, DAY), OpenItem(3, 7, 20_000, DAY)]
    line = Line(10_111, DAY)
    (only,) = explanations(line, items, {}, Terms(), charges={2})
    assert (only.kind, only.parts) == ("by_law_charges", (Part(2, 500), Part(1, 9_611)))
    assert pattern_of(only, Pointer(7), contested=False, habit=False).startswith("by_law|")
    enough = explanations(Line(40_000, DAY), items, {}, Terms(), charges={2})
    assert [one.kind for one in enough] == ["by_law"]
    named = explanations(line, items, {1: True}, Terms(), charges={2}, amounts=False)
    assert all(one.kind != "by_law_charges" for one in named)
