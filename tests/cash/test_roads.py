"""Both roads: over five days a list and a bank's file arrive in either order, and every one of the 32 orders ends the same.

A list may know of a payment a day before the bank, a day later, or never; payments come in parts and are returned; some items the ERP
settles by itself. Each item has a story of its own, drawn with a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import pytest
from django.db import transaction

from debitora.cash.actions import book_return, match, take_proposal
from debitora.cash.models import BankEntry, Booking, EntryState, Proposal
from debitora.cash.testing import DAY, MOMENT, TESTS, Paid, Sheet, a_policy, camt, taken
from debitora.dunning.queries.candidates import candidates
from debitora.dunning.testing import a_ready_company
from debitora.people.models import Company
from debitora.receivables.actions import undo_list
from debitora.receivables.models import Item, ItemState
from debitora.receivables.testing import a_listed, apply_listed
from tests.cash_oracle import cash_findings
from tests.ledger_oracle import findings

DAYS = 5
STORIES = 24
DUE = date(2026, 9, 1)
NEVER = 99


@dataclass(frozen=True, slots=True)
class Story:
    """An invoice and what becomes of it. moves: (day, minor) as the bank books them, returns below zero.

    behind: so many days after the bank the list knows of each; below zero before it. erp_on: the day from which the ERP holds it
    for settled without any money.
    """

    number: str
    customer: str
    minor: int
    moves: tuple[tuple[int, int], ...] = ()
    behind: int = 0
    erp_on: int = NEVER

    def open_by_bank(self, day: int) -> int:
        """What is open after the bank's file of a day."""
        return self.minor - sum(minor for moved, minor in self.moves if moved <= day)

    def listed(self, day: int) -> int:
        """What the list of a day shows."""
        known = sum(minor for moved, minor in self.moves if moved + self.behind <= day)
        return 0 if day >= self.erp_on else self.minor - known

    @property
    def ends_at(self) -> int:
        """What is open in the end: as the bank has it, unless the ERP settled it without."""
        return 0 if self.erp_on < DAYS else self.open_by_bank(DAYS)


def a_story(place: int, chance: random.Random) -> Story:
    """The first list opens everything whole; a part is never as much as what it leaves."""
    minor = 10_000 + 1_000 * place + place
    behind = chance.choice((-1, 0, 1, NEVER))
    first = chance.randint(2 if behind < 0 else 1, 3)
    kind = place % 6
    if kind == 0:
        return _told(place, minor)
    if kind == 1:
        return _told(place, minor, erp_on=first)
    part = minor * chance.choice((1, 2, 3)) // 8
    moves = {
        2: ((first, minor),),
        3: ((first, part),),
        4: ((first, part), (4, minor - part)),
        5: ((1, minor), (3, -minor)),
    }[kind]
    return _told(place, minor, moves, behind=chance.choice((0, 1)) if kind == 5 else behind)


def _told(place: int, minor: int, moves: tuple[tuple[int, int], ...] = (), **more: int) -> Story:
    return Story(f"R-{100_000 + place}", str(10_001 + place % 5), minor, moves, **more)


class _RolledBack(Exception):
    pass


@contextmanager
def thrown_away() -> Iterator[None]:
    """What happens within has never been: the other order begins where this one began."""
    try:
        with transaction.atomic():
            yield
            raise _RolledBack
    except _RolledBack:
        return


@dataclass(frozen=True, slots=True)
class Roads:
    """The two roads of a company, and a clerk who takes what is proposed if it is right."""

    company: Company
    stories: tuple[Story, ...]
    undone_on: int

    def list_arrives(self, day: int) -> None:
        """The list of the day; on one day it is undone at once and imported again."""
        numbers = (1, 2) if day == self.undone_on else (1,)
        for number in numbers:
            if number > 1:
                undo_list(company=self.company.id, list_import=10 * day + 1, by=TESTS, at=MOMENT)
            apply_listed(
                self.company.id, self._listed(day), list_import=10 * day + number, on=DAY + timedelta(days=day)
            )  # fmt: skip
        self._match()

    def bank_arrives(self, day: int) -> None:
        """The bank's file of the day, with a line that nobody can explain."""
        opening = sum(BankEntry.objects.values_list("minor", flat=True))
        lines = [
            Paid(minor, day=day, name=f"Customer {one.customer}", text=one.number)
            for one in self.stories
            for moved, minor in one.moves
            if moved == day
        ]
        strange = Paid(7, day=day, name="Zylinder", text="danke")
        sheet = Sheet([*lines, strange], opening=opening, first=day, last=day, number=str(day + 1))
        taken(self.company, camt(sheet), name=f"{day}.xml")
        self._return()
        self._match()

    def _listed(self, day: int) -> pl.DataFrame:
        shown = [
            a_listed([(one.number, one.listed(day))], customer=one.customer, due_on=DUE)
            for one in self.stories
            if one.listed(day)
        ]
        return pl.concat([a_listed([]), *shown])

    def _match(self) -> None:
        match(company=self.company.id, by=TESTS, at=MOMENT)
        items = dict(Item.objects.exclude(kind="payment").values_list("number", "id"))
        waiting = EntryState.objects.filter(open_minor__gt=0).select_related("entry__words")
        for state in waiting.order_by("entry_id"):
            wanted = items.get(state.entry.words.text)
            for proposal in Proposal.objects.filter(entry=state.entry_id).order_by("rank"):
                if [part[0] for part in proposal.parts] == [wanted]:
                    take_proposal(
                        company=self.company.id, entry=state.entry_id, rank=proposal.rank, by=TESTS, at=MOMENT
                    )  # fmt: skip
                    break

    def _return(self) -> None:
        for state in EntryState.objects.filter(open_minor__lt=0).select_related("entry__words"):
            paid = Booking.objects.get(
                entry__words__text=state.entry.words.text, kind="payment", reverses=None
            )
            book_return(
                company=self.company.id, entry=state.entry_id, payment_item=paid.item_id or 0, by=TESTS, at=MOMENT
            )  # fmt: skip

    def hold(self, day: int) -> None:
        """What must hold at the end of each day, in whatever order it went."""
        assert findings() == []
        assert cash_findings() == []
        on_account = ItemState.objects.filter(item__kind="payment").exclude(open_minor=0)
        assert not list(on_account.values_list("item__number", "open_minor"))
        by_number = {one.number: one for one in self.stories}
        on = DAY + timedelta(days=day)
        demanded = candidates(on=on, time_zone="Europe/Berlin").decided(on=on).lines
        numbers = dict(Item.objects.values_list("id", "number"))
        for item, minor in ItemState.objects.values_list("item_id", "open_minor"):
            if item in set(demanded["item_id"]):
                assert minor <= by_number[numbers[item]].open_by_bank(day), numbers[item]

    def ended(self) -> dict[str, int]:
        """What is open of each invoice."""
        found = ItemState.objects.exclude(item__kind="payment").values_list("item__number", "open_minor")
        return dict(found)


@pytest.mark.slow
def test_every_order_of_lists_and_bank_files_ends_the_same(company: Company) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    stories = tuple(a_story(place, chance) for place in range(STORIES))
    roads = Roads(company, stories, undone_on=chance.randrange(DAYS))
    a_ready_company(company)
    a_policy(company, care=20)
    ends = list(walked(roads, 0, ""))
    assert len(ends) == 2**DAYS
    expected = {one.number: one.ends_at for one in stories}
    for way, end in ends:
        wrong = {
            number: (minor, expected[number]) for number, minor in end.items() if minor != expected[number]
        }
        assert not wrong, f"{way}: {wrong} of {[one for one in stories if one.number in wrong]}"


def walked(roads: Roads, day: int, way: str) -> Iterator[tuple[str, dict[str, int]]]:
    """Each way through the days and where it ends; ways that begin alike are walked once as far as they are."""
    if day == DAYS:
        strangers = EntryState.objects.exclude(open_minor=0)
        assert set(strangers.values_list("minor", flat=True)) == {7}, way
        assert strangers.count() == DAYS
        yield way, roads.ended()
        return
    steps: tuple[tuple[str, Callable[[int], None]], ...] = (
        ("L", roads.list_arrives),
        ("B", roads.bank_arrives),
    )
    for order in (steps, steps[::-1]):
        with thrown_away():
            for _name, step in order:
                step(day)
            roads.hold(day)
            yield from walked(roads, day + 1, way + "".join(name for name, _step in order))
