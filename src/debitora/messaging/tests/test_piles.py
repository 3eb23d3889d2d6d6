"""Piles: letters joined for the printing office, posted in a second step, and that word taken back."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.db import connections, transaction
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.kit.failpoints import FailpointReached
from debitora.kit.pg.company import serving
from debitora.messaging.actions import (
    Handed,
    NothingWaits,
    PileCounted,
    PileNotPosted,
    PilePosted,
    SendingIsLocked,
    lock_sending,
    make_pile,
    mark_printed,
    post_pile,
    take_pile_back,
)
from debitora.messaging.models import Attempt, Intent, Pile, PileEvent, PileLetter
from debitora.messaging.queries.piles import pile_rows, pile_state
from debitora.messaging.rules.states import REVERSIBLE
from debitora.messaging.testing import MOMENT, TESTS, a_queued_letter, a_sender
from debitora.people.models import Company
from debitora.receivables.actions import place_hold
from debitora.receivables.testing import ON, a_customer, an_open_item
from debitora.trail.models import Record

Sign = Callable[[Any], Client]
TOWNS = [("AT", "1010"), ("DE", "80331"), ("DE", "20095"), ("CH", "8001"), ("DE", "20095")]


@pytest.fixture
def letters(company: Company) -> list[Intent]:
    """Five letters to customers in three countries."""
    return five_letters(company)


def five_letters(company: Company) -> list[Intent]:
    a_sender(company.id)
    return [a_letter_to(company, place, *town) for place, town in enumerate(TOWNS, 1)]


def a_letter_to(company: Company, place: int, country: str, postcode: str) -> Intent:
    customer = a_customer(
        company.id, number=f"K{place}", country=country, postcode=postcode, street="Weg 1", city="Ort"
    )
    item = an_open_item(company.id, customer, minor=10_000 + place)
    return a_queued_letter(company.id, customer, [item], subject=place)


def piled(company: Company, letters: list[Intent] | None = None, *, duplex: bool = False) -> Pile:
    chosen = None if letters is None else [one.id for one in letters]
    return make_pile(company=company, chosen=chosen, duplex=duplex, by=TESTS, at=MOMENT)


def pages_of(pile: Pile) -> int:
    with pikepdf.Pdf.open(io.BytesIO(read_bytes(pile.document))) as pdf:
        return len(pdf.pages)


def states(*letters: Intent) -> list[str]:
    ids = [one.id for one in letters]
    return list(Intent.objects.filter(id__in=ids).order_by("id").values_list("state", flat=True))


# -------------------------------------------------------------------------------------------- making


def test_a_pile_is_in_postal_order_behind_its_list(company: Company, letters: list[Intent]) -> None:
    pile = piled(company)
    assert [row.customer_number for row in pile_rows(pile=pile.id)] == ["K3", "K5", "K2", "K1", "K4"]
    assert (pile.letters, pile.pages, pile.sheets, pile.number) == (5, 5, 5, 1)
    assert pages_of(pile) == 6
    assert states(*letters) == ["queued"] * 5


def test_duplex_lets_each_letter_begin_on_a_sheet(company: Company, letters: list[Intent]) -> None:
    pile = piled(company, letters[:2], duplex=True)
    assert (pile.pages, pile.sheets, pages_of(pile)) == (2, 2, 6)


def test_the_letters_bytes_stay_as_they_were(company: Company, letters: list[Intent]) -> None:
    def kept() -> list[bytes]:
        documents = [one.document for one in letters]
        return [read_bytes(document) for document in documents if document]

    before = kept()
    piled(company)
    assert kept() == before
    hashes = [hashlib.sha256(data).hexdigest() for data in before]
    assert hashes == [one.document.sha256 for one in letters if one.document]


def test_the_same_letters_give_the_same_pile(company: Company, letters: list[Intent]) -> None:
    assert piled(company).id == piled(company).id
    assert piled(company, duplex=True).number == 2
    assert piled(company, letters[:1]).number == 3


def test_only_waiting_letters_are_piled(company: Company, letters: list[Intent]) -> None:
    mark_printed(company=company.id, intents=[one.id for one in letters[:4]], by=TESTS, at=MOMENT)
    assert piled(company).letters == 1
    with pytest.raises(NothingWaits):
        piled(company, letters[:1])


def test_another_companys_letters_are_not_there(
    company: Company, letters: list[Intent], other_company: Company
) -> None:
    with serving(other_company.id), pytest.raises(NothingWaits):
        piled(other_company, letters)


# ------------------------------------------------------------------------------------------- posting


def post(company: Company, pile: Pile, minutes: int = 0) -> Handed:
    at = MOMENT + timedelta(minutes=minutes)
    return post_pile(company=company.id, pile=pile.id, by=TESTS, at=at)


def test_posting_prints_once_and_says_who(company: Company, letters: list[Intent]) -> None:
    pile = piled(company)
    assert sorted(post(company, pile).printed) == [one.id for one in letters]
    assert states(*letters) == ["printed"] * 5
    assert (pile_state(pile).posted_at, pile_state(pile).posted_by) == (MOMENT, TESTS.label)
    with pytest.raises(PilePosted):
        post(company, pile)
    assert Attempt.objects.filter(state="printed").count() == 5
    assert list(
        Record.objects.filter(verb__startswith="pile.").order_by("id").values_list("verb", flat=True)
    ) == [
        "pile.made",
        "pile.posted",
    ]


def test_a_letter_in_two_piles_is_posted_once(company: Company, letters: list[Intent]) -> None:
    first, second = piled(company), piled(company, letters[:2])
    post(company, first)
    assert post(company, second).printed == []
    assert Attempt.objects.filter(state="printed").count() == 5


def test_a_letter_whose_ground_has_gone_is_stopped(company: Company, letters: list[Intent]) -> None:
    pile = piled(company)
    place_hold(
        company=company.id,
        customer=letters[0].customer_id,
        reason="clarification",
        from_on=ON,
        by=TESTS,
        at=MOMENT,
    )
    handed = post(company, pile)
    assert handed.stopped == [letters[0].id]
    assert states(*letters) == ["stopped", *["printed"] * 4]


def test_nothing_is_posted_while_sending_is_locked(company: Company, letters: list[Intent]) -> None:
    pile = piled(company)
    lock_sending(company=company.id, note="Wrong texts", by=TESTS, at=MOMENT)
    with pytest.raises(SendingIsLocked):
        post(company, pile)
    assert states(*letters) == ["queued"] * 5


def test_the_word_can_be_taken_back_for_an_hour(company: Company, letters: list[Intent]) -> None:
    pile = piled(company)
    with pytest.raises(PileNotPosted):
        take_pile_back(company=company.id, pile=pile.id, by=TESTS, at=MOMENT)
    post(company, pile)
    soon = MOMENT + REVERSIBLE - timedelta(seconds=1)
    assert take_pile_back(company=company.id, pile=pile.id, by=TESTS, at=soon) == 5
    assert states(*letters) == ["queued"] * 5
    with pytest.raises(PileNotPosted):
        take_pile_back(company=company.id, pile=pile.id, by=TESTS, at=soon)
    assert len(post(company, pile, minutes=90).printed) == 5
    with pytest.raises(PileCounted):
        take_pile_back(company=company.id, pile=pile.id, by=TESTS, at=MOMENT + timedelta(minutes=150))


def test_what_another_pile_posted_is_not_taken_back(company: Company, letters: list[Intent]) -> None:
    first, second = piled(company), piled(company, letters[:2])
    post(company, second)
    post(company, first)
    assert take_pile_back(company=company.id, pile=first.id, by=TESTS, at=MOMENT) == 3
    assert states(*letters) == ["printed", "printed", "queued", "queued", "queued"]


def pile_and_post(company: Company, pile: Pile) -> None:
    with transaction.atomic():
        piled(company)
        post(company, pile)


@pytest.mark.parametrize("place", ["pile_stored", "pile_posting"])
def test_what_dies_in_the_middle_has_not_happened(
    company: Company, letters: list[Intent], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    pile = piled(company, letters[:3])
    monkeypatch.setenv("DEBITORA_TEST", "1")
    monkeypatch.setenv("DEBITORA_FAILPOINT", f"{place}:raise")
    with pytest.raises(FailpointReached):
        pile_and_post(company, pile)
    monkeypatch.delenv("DEBITORA_FAILPOINT")
    assert states(*letters) == ["queued"] * 5
    assert (Pile.objects.count(), PileLetter.objects.count(), PileEvent.objects.count()) == (1, 3, 0)
    assert piled(company).letters == 5
    assert len(post(company, pile).printed) == 3


def test_two_people_at_once_post_a_pile_once(committed: str, company: Company) -> None:
    with transaction.atomic():
        letters = five_letters(company)
        pile = piled(company)
    ended: list[object] = []
    ready = threading.Barrier(2)

    def click() -> None:
        with serving(company.id):
            ready.wait()
            try:
                ended.append(len(post(company, pile).printed))
            except PilePosted:
                ended.append("posted")
        connections.close_all()

    people = [threading.Thread(target=click) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(ended, key=str) == [5, "posted"]
    with transaction.atomic():
        assert Attempt.objects.filter(intent__in=letters, state="printed").count() == 5


# --------------------------------------------------------------------------------------------- pages


def test_from_the_letters_page_to_the_post(letters: list[Intent], client_of: Sign, clerk: Any) -> None:
    client, home = client_of(clerk), "/c/acme/deliveries/letters/"
    assert "Join all in one PDF" in client.get(home).content.decode()
    answer = client.post(f"{home}piles/", {"chosen": [one.id for one in letters[:2]], "duplex": "yes"})
    pile = Pile.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{home}piles/{pile.id}/")
    shown = client.get(answer["Location"]).content.decode()
    assert "Not posted yet" in shown
    downloaded = client.get(f"{home}piles/{pile.id}/letters.pdf")
    assert downloaded.content == read_bytes(pile.document)
    assert downloaded["Content-Disposition"] == 'attachment; filename="acme-1.pdf"'
    assert states(*letters[:2]) == ["queued", "queued"]
    address = f"{home}piles/{pile.id}/posting/"
    assert "2 letters are out of the house" in client.post(address, follow=True).content.decode()
    assert "counts as posted already" in client.post(address, follow=True).content.decode()
    assert "2 letters wait again" in client.post(f"{address}withdrawal/", follow=True).content.decode()
    assert "does not count as posted" in client.post(f"{address}withdrawal/", follow=True).content.decode()


def test_all_waiting_letters_are_joined(letters: list[Intent], client_of: Sign, clerk: Any) -> None:
    client, home = client_of(clerk), "/c/acme/deliveries/letters/"
    client.post(f"{home}piles/", {"all": "yes"})
    assert Pile.objects.get().letters == 5
    assert (
        "somebody was faster" in client.post(f"{home}piles/", {"chosen": "1x"}, follow=True).content.decode()
    )
