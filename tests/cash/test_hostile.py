"""B10 to B12, M02, M06: texts that nobody should send, other currencies, and sums that do not fit. Nothing is lost, nothing takes long."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from debitora.cash.actions import Part, Share, book, match, take_back
from debitora.cash.actions.booking import MoreThanIsOpen
from debitora.cash.models import BankEntry, Booking, EntryState, EntryWords, Proposal
from debitora.cash.rules.proposing import Known, propose
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, a_policy, camt, mt940, table, taken
from debitora.documents.queries import read_bytes
from debitora.engine.matching import CUSTOMERS, ITEMS, LINES, PAYERS
from debitora.people.models import Company
from debitora.receivables.models import ItemState
from debitora.receivables.testing import a_customer, an_open_item
from tests.cash.test_roads import thrown_away
from tests.cash_oracle import cash_findings
from tests.ledger_oracle import findings

MOST_TEXT = 10_000_000
"""Characters that one text of a file in XML may have; a longer one is no text."""
DAY = date(2026, 11, 2)
MOST_CALLS = 60_000
"""Calls of Python functions: a bound that no clock moves. A line with a short text takes a few thousand."""
SPITE = ["a" * 50_000, "R-" * 25_000, "0" * 50_000, "1" * 50_000, "R-4711 " * 7_000, "-1" * 25_000, " " * 50_000, "ÄÖ\u0301" * 16_000]  # fmt: skip


def calls_of(work: Callable[[], Any]) -> int:
    """How many functions were called, built-in ones among them."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(one.callcount for one in profile.getstats())


def a_ledger(count: int = 200) -> Known:
    """So many open items of ten customers, as matching reads them."""
    items = [
        (place, place % 10, "EUR", 1_000 + place, f"R-{4700 + place}", DAY, None, False)
        for place in range(1, count)
    ]
    people = [(place, f"{10_000 + place}", f"Aaaa Kunde {place}", None) for place in range(10)]
    named = {
        "item": 0,
        "customer": 1,
        "currency": 2,
        "open_minor": 3,
        "number": 4,
        "due_on": 5,
        "issued_on": 6,
        "listed": 7,
    }
    rows = [tuple(row[named[column]] for column in ITEMS) for row in items]
    hers = [dict(zip(("customer", "number", "name", "parent"), row, strict=True)) for row in people]
    return Known(
        items=pl.DataFrame(rows, schema=dict(ITEMS), orient="row"),
        customers=pl.DataFrame(
            [[one.get(column) for column in CUSTOMERS] for one in hers], schema=dict(CUSTOMERS), orient="row"
        ),
        payers=pl.DataFrame(schema=dict(PAYERS)),
    )


def a_line(text: str) -> pl.DataFrame:
    told = {
        "line": 1,
        "currency": "EUR",
        "minor": 1_500,
        "booked_on": DAY,
        "payer": "",
        "name": "Aaaa",
        "text": text,
    }
    return pl.DataFrame([[told[column] for column in LINES]], schema=dict(LINES), orient="row")


@pytest.mark.parametrize("text", SPITE, ids=lambda text: f"{text[:7]!r}")
def test_b12_no_text_makes_matching_take_long(text: str) -> None:
    known = a_ledger()
    propose(a_line("short"), known)
    usual = calls_of(lambda: propose(a_line("short R-4711"), known))
    assert calls_of(lambda: propose(a_line(text), known)) < usual + MOST_CALLS


def test_b10_a_text_of_ten_megabytes_is_cut_and_its_original_kept(company: Company) -> None:
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer, number="R-4711")
    data = camt(Sheet([Paid(10_000, text="Rechnung R-4711 " + "x " * (MOST_TEXT // 2 - 100))]))
    found = taken(company, data)
    words = EntryWords.objects.get()
    assert words.text.startswith("Rechnung R-4711 x")
    assert len(words.text) < 10_000
    assert read_bytes(found.file.upload.blob) == data
    a_policy(company, by_itself=False)
    assert match(company=company.id, by=TESTS, at=MOMENT).proposed == 1
    assert Proposal.objects.get(rank=1).parts == [[item.id, 10_000, 0, 0]]


def test_b10_a_longer_text_is_refused_by_name(company: Company) -> None:
    found = taken(company, camt(Sheet([Paid(10_000, text="x" * (MOST_TEXT + 1))])))
    assert (found.file.state, BankEntry.objects.count()) == ("refused", 0)
    assert [fault.params for fault in found.faults] == [(("rule", "xml"),)]


@pytest.mark.parametrize(
    "write", [lambda lines: table(lines), lambda lines: mt940(Sheet(lines)), lambda lines: camt(Sheet(lines))]
)
def test_b10_a_line_of_a_million_characters_is_taken_or_refused_with_its_place(
    company: Company, write: Callable[[list[Paid]], bytes]
) -> None:
    found = taken(
        company, write([Paid(500, text="a" * 1_000_000, name="b" * 1_000), Paid(501, text="short")])
    )
    if found.file.state == "refused":
        assert list(found.faults)
        return
    assert sorted(BankEntry.objects.values_list("minor", flat=True)) == [500, 501]
    assert max(len(text) for text in EntryWords.objects.values_list("text", flat=True)) < 10_000
    match(company=company.id, by=TESTS, at=MOMENT)


ODD = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.mark.parametrize("reading", ["camt", "table"])
def test_b11_any_text_is_taken_and_matched(company: Company, reading: str) -> None:
    """NUL and what XML forbids never reach the database; everything else arrives, and neither changes what is booked."""
    an_open_item(company.id, a_customer(company.id), number="R-4711")

    @settings(max_examples=15, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(text=ODD, name=ODD)
    @example(text="\u202eR-4711\u202c", name="\U0001f4b6 \u200f")
    @example(text="R\u0000-4711", name="a\u0301\u0301\u0301")
    @example(text="\ufeff'=1+1;\"", name="\u2028\x85")
    def told(text: str, name: str) -> None:
        with thrown_away():
            line = Paid(10_000, text=text, name=name)
            found = taken(company, camt(Sheet([line])) if reading == "camt" else table([line]))
            if found.file.state == "refused":
                assert list(found.faults)
            else:
                assert list(EntryState.objects.values_list("minor", flat=True)) == [10_000]
            match(company=company.id, by=TESTS, at=MOMENT)
            assert cash_findings() == []
            assert findings() == []

    told()


def test_m02_a_foreign_currency_is_never_netted(company: Company) -> None:
    """The same number, the same amount, the same payer: francs do not pay euros, neither by matching nor by hand."""
    customer = a_customer(company.id, name="Nordwind")
    francs = an_open_item(company.id, customer, number="R-4711", currency="CHF")
    a_policy(company, care=1)
    taken(company, camt(Sheet([Paid(10_000, text="R-4711", name="Nordwind")])))
    done = match(company=company.id, by=TESTS, at=MOMENT)
    assert done.booked == 0
    offered = {part[0] for one in Proposal.objects.all() for part in one.parts}
    assert francs.id not in offered
    entry = BankEntry.objects.get().id
    with pytest.raises(MoreThanIsOpen), transaction.atomic():
        book(
            company=company.id,
            entry=entry,
            shares=[Share(customer, 10_000, (Part(francs.id, 10_000),))],
            by=TESTS,
            at=MOMENT,
        )
    assert ItemState.objects.get(item=francs).open_minor == 10_000
    assert EntryState.objects.get().open_minor == 10_000
    assert not Booking.objects.exists()


@settings(max_examples=12, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(
    minor=st.integers(1, 400),
    invoices=st.lists(st.integers(1, 200), min_size=1, max_size=3),
    off=st.integers(0, 5),
)
def test_m06_what_is_over_or_short_has_a_home(
    company: Company, minor: int, invoices: list[int], off: int
) -> None:
    """Over: on account. Short: still open of the item, or a difference on it. To the cent, and back again."""
    with thrown_away():
        customer = a_customer(company.id)
        a_policy(company, write_off_minor=15)
        items = [
            an_open_item(company.id, customer, number=f"R-{place}", minor=one).id
            for place, one in enumerate(invoices)
        ]
        taken(company, camt(Sheet([Paid(minor)])))
        entry, left, parts = BankEntry.objects.get().id, minor, []
        for item, one in zip(items, invoices, strict=True):
            put = min(left, one)
            left -= put
            if put:
                parts.append(Part(item, put, written_off=min(off, one - put)))
        (made,) = book(
            company=company.id,
            entry=entry,
            shares=[Share(customer, minor, tuple(parts))],
            by=TESTS,
            at=MOMENT,
            note="a difference",
        )
        written_off = sum(part.written_off for part in parts)
        still = sum(ItemState.objects.filter(item__in=items).values_list("open_minor", flat=True))
        on_account = -ItemState.objects.get(item=made.item_id).open_minor
        assert minor == sum(part.minor for part in parts) + on_account
        assert sum(invoices) == sum(part.minor for part in parts) + written_off + still
        assert cash_findings() == []
        take_back(company=company.id, booking=made.id, reason="again", by=TESTS, at=MOMENT)
        assert sum(ItemState.objects.filter(item__in=items).values_list("open_minor", flat=True)) == sum(
            invoices
        )
        assert EntryState.objects.get().open_minor == minor
        assert findings() == cash_findings() == []
