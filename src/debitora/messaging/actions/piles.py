"""Join waiting letters in one PDF for the printing office; note, in a second step, that they were posted; take that back.

Making a pile moves no letter. Posting one is a single transaction under the pile's and the customers' locks: of two people
at once the second finds nothing left to move, and what dies in the middle has not happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from django.db import transaction

from debitora.documents.actions import store_bytes
from debitora.documents.models import Blob
from debitora.documents.queries import read_bytes
from debitora.kit.failpoints import failpoint
from debitora.messaging.actions.intents import about, move
from debitora.messaging.actions.sender import lock_sender
from debitora.messaging.actions.settling import Handed, SendingIsLocked, hand_out
from debitora.messaging.models import Intent, Pile, PileEvent, PileLetter
from debitora.messaging.queries.piles import due_sums, pile_state, waiting_letters
from debitora.messaging.queries.sender import is_home, lock_in_force, sender_of
from debitora.messaging.rules.merging import merged, page_count
from debitora.messaging.rules.pdf import render_cover
from debitora.messaging.rules.pile import Pile as Cover
from debitora.messaging.rules.pile import PileLetter as Lying
from debitora.messaging.rules.pile import cover_sheet, in_postal_order, sheets
from debitora.messaging.rules.states import Event, State
from debitora.people.models import Company
from debitora.receivables.actions import lock_customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import Money

MOST = 1000
"""Letters of one pile: about three seconds of work and 25 MB."""


class NothingWaits(Exception):
    """None of the chosen letters waits to be printed."""


class PilePosted(Exception):
    """The pile counts as posted already."""


class PileNotPosted(Exception):
    """The pile does not count as posted, so that nothing can be taken back."""


class PileCounted(Exception):
    """Too late: the letters of the pile have counted, and the levels of their items have risen."""


def make_pile(
    *, company: Company, chosen: Sequence[int] | None, duplex: bool, by: Actor, at: datetime
) -> Pile:
    """Join the chosen waiting letters (None: all, at most MOST) behind their cover list; nothing counts as printed.

    Letters of the newest pile, if it is not posted and holds exactly the same, give that pile. The order is that of
    rules.pile. Raises NothingWaits, merging.LetterUnreadable, store.BytesMissing and store.BytesDiffer.
    """
    with transaction.atomic():
        lock_sender(company=company.id)
        letters = waiting_letters(chosen=chosen, most=MOST)
        if not letters:
            raise NothingWaits
        return _same_pile(letters, duplex) or _made(company, letters, duplex, by, at)


def _same_pile(letters: Sequence[Intent], duplex: bool) -> Pile | None:
    """The newest pile, if it holds just these letters and waits to be posted."""
    newest = Pile.objects.order_by("-id").first()
    if newest is None or newest.duplex != duplex or pile_state(newest).posted_at:
        return None
    held = PileLetter.objects.filter(pile=newest).values_list("intent_id", flat=True)
    return newest if set(held) == {one.id for one in letters} else None


def _made(company: Company, letters: Sequence[Intent], duplex: bool, by: Actor, at: datetime) -> Pile:
    data = {one.id: read_bytes(one.document) for one in letters}
    sums = due_sums(intents=list(data))
    lying = in_postal_order((_lying(one, data[one.id], sums) for one in letters), home=company.country)
    newest = Pile.objects.order_by("-number").values_list("number", flat=True).first()
    cover = Cover(
        number=(newest or 0) + 1,
        sender=sender_of(company=company.id).name or company.name,
        home=company.country,
        language=company.language,
        made_on=company.day_at(at),
        duplex=duplex,
    )
    parts = chain(
        [render_cover(cover_sheet(cover, lying), created_at=at)], (data[one.intent] for one in lying)
    )
    joined = merged(parts, title=f"{cover.sender} {cover.number}", duplex=duplex)
    document = store_bytes(company=company.id, data=joined, media_type="application/pdf", at=at)
    failpoint("pile_stored")
    return _kept(company.id, cover, lying, document, by, at)


def _lying(letter: Intent, data: bytes, sums: Mapping[int, Money]) -> Lying:
    return Lying(
        intent=letter.id,
        customer_number=letter.customer.number,
        name=letter.party.name,
        country=letter.party.country,
        postcode=letter.party.postcode,
        city=letter.party.city,
        pages=page_count(data),
        due=sums.get(letter.id),
    )


def _kept(
    company: int, cover: Cover, lying: Sequence[Lying], document: Blob, by: Actor, at: datetime
) -> Pile:
    pile = Pile.objects.create(
        company_id=company,
        number=cover.number,
        document=document,
        duplex=cover.duplex,
        letters=len(lying),
        pages=sum(one.pages for one in lying),
        sheets=sum(sheets(one.pages, duplex=cover.duplex) for one in lying),
        made_at=at,
        made_by_id=by.id,
        made_by_label=by.label,
    )
    PileLetter.objects.bulk_create(
        PileLetter(company_id=company, pile=pile, intent_id=one.intent, place=place, pages=one.pages)
        for place, one in enumerate(lying, 1)
    )
    record(
        company=company,
        by=by,
        at=at,
        verb="pile.made",
        subjects=[Subject("pile", pile.id)],
        facts={"number": pile.number, "count": pile.letters, "sha256": document.sha256},
    )
    return pile


def post_pile(*, company: int, pile: int, by: Actor, at: datetime) -> Handed:
    """Note that a pile was printed and posted: each letter is looked at once more, as in `mark_printed`.

    Letters that are printed or cancelled meanwhile are passed over. Raises PilePosted and SendingIsLocked.
    """
    with transaction.atomic():
        found = _locked(company, pile)
        if pile_state(found).posted_at is not None:
            raise PilePosted(found.number)
        if lock_in_force(company=company) is not None or not is_home():
            raise SendingIsLocked
        lying = PileLetter.objects.filter(pile=found).values_list("intent_id", flat=True)
        handed = hand_out(company=company, intents=list(lying), by=by, at=at)
        failpoint("pile_posting")
        _say(found, "posted", sorted(handed.printed), by, at)
    return handed


def take_pile_back(*, company: int, pile: int, by: Actor, at: datetime) -> int:
    """Note that a pile was not posted after all; returns how many of its letters wait again.

    Possible for rules.states.REVERSIBLE, until dunning counts the letters. Raises PileNotPosted and PileCounted.
    """
    with transaction.atomic():
        found = _locked(company, pile)
        state = pile_state(found)
        if state.posted_at is None:
            raise PileNotPosted(found.number)
        if not state.reversible(at):
            raise PileCounted(found.number)
        letters = Intent.objects.filter(company_id=company, id__in=state.moved, state=State.PRINTED)
        back = []
        for customer, letter in letters.order_by("customer_id", "id").values_list("customer_id", "id"):
            lock_customer(company=company, customer=customer)
            intent = Intent.objects.select_for_update().get(company_id=company, id=letter)
            move(intent, Event.TAKE_BACK, by=by, at=at, reason="not_posted")
            back.append(letter)
        _say(found, "taken_back", back, by, at)
    return len(back)


def _locked(company: int, pile: int) -> Pile:
    """The pile, after everybody who works on a pile of the company: its own rows are append-only and cannot be locked."""
    lock_sender(company=company)
    return Pile.objects.get(company_id=company, id=pile)


def _say(pile: Pile, kind: str, intents: list[int], by: Actor, at: datetime) -> None:
    PileEvent.objects.create(
        company_id=pile.company_id,
        pile=pile,
        kind=kind,
        intents=intents,
        actor_id=by.id,
        actor_label=by.label,
        recorded_at=at,
    )
    letters = Intent.objects.filter(company_id=pile.company_id, id__in=intents).order_by("id")
    record(
        company=pile.company_id,
        by=by,
        at=at,
        verb=f"pile.{kind}",
        subjects=[
            Subject("pile", pile.id),
            *(subject for letter in letters for subject in about(letter)),
        ],
        facts={"number": pile.number, "count": len(intents)},
    )
