"""Turn the notices of an approved run into documents and queued messages, a batch in one transaction (docs/decisions/0020).

A batch is read without locks and its letters are made without a look at the database; then, under the customers' locks, it is
read again, and what still reads the same is stored. What has changed meanwhile, and every notice of a batch that the database
refused, is made alone.

Safe to repeat after any crash: what is rendered is passed over, and an intent exists once per notice, channel and recipient.
What has changed since the run read its snapshot stops a notice here; what changes later is found at the edge.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count
from zoneinfo import ZoneInfo

from django.db import DataError, IntegrityError, connection, transaction

from debitora.documents.models import Blob
from debitora.dunning.actions.enclosing import keep_enclosures, stored_papers, within_bounds
from debitora.dunning.actions.events import add_event, an_event
from debitora.dunning.actions.rendering import Made, Unmade, make
from debitora.dunning.models import Notice, NoticeEvent, Run
from debitora.dunning.queries.claims import with_claimable
from debitora.dunning.queries.contents import Content, contents
from debitora.dunning.queries.letters import Stock
from debitora.dunning.queries.notices import courses, left_to_render, needs_another_word, to_render
from debitora.dunning.queries.standing import stop_reasons, with_ways
from debitora.kit.failpoints import failpoint
from debitora.messaging.actions.intents import Condition, Draft, queue_intents
from debitora.messaging.queries import Missing, missing_before_sending
from debitora.people.actions import tell_progress
from debitora.people.models import Company
from debitora.receivables.actions.locks import lock_customers
from debitora.trail.actions import Entry, record, record_all
from debitora.trail.rules import Actor, Subject

CHUNK = 50
"""Notices of a batch: three quarters of a second of work, and locks of some fifty milliseconds."""
BETWEEN_SIZES = 20
"""Batches after which the planner is told anew how many notices there are."""
LETTERHEAD = frozenset({Missing.NAME, Missing.ADDRESS, Missing.EMAIL, Missing.IBAN, Missing.IMPRINT})
"""What must be known of the sender before a letter is made for good."""
Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)


class RunNotApproved(Exception):
    """Nobody has approved the run of this notice, or it was thrown away."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """Notices as they stand at one look: those that are over (with what became of them), those that must stop (with the
    reason), and what the others are made of."""

    over: Mapping[int, str]
    stops: Mapping[int, str]
    contents: Mapping[int, Content]

    def free(self) -> list[Content]:
        """What may be made."""
        return [
            content
            for notice, content in self.contents.items()
            if not self.over[notice] and not self.stops[notice]
        ]


def release_run(*, company: Company, run: int, by: Actor, clock: Clock) -> dict[str, int]:
    """Render and queue every notice of an approved run; returns how many ended how (rendered, no_recipient, ...).

    One notice that cannot be rendered is noted and does not stop the others. While the sender is not complete
    (LETTERHEAD) nothing is made, and the run waits. Raises RunNotApproved.
    """
    ended: dict[str, int] = {}
    with transaction.atomic():
        if waits_for_sender(company=company):
            return ended
        found = Run.objects.get(company_id=company.id, id=run)
        done = found.notice_count - left_to_render(run=run)
    if found.state not in ("approved", "released"):
        raise RunNotApproved(found.state)
    for batch in _batches(run):
        kinds = _release_batch(company, batch, by, clock)
        for kind, times in Counter(kinds.values()).items():
            ended[kind] = ended.get(kind, 0) + times
        done += len(batch)
        _tell(company, run, clock(), done)
    _finish(company, run, clock())
    return ended


def waits_for_sender(*, company: Company) -> list[Missing]:
    """What is still missing of the sender before letters can be made."""
    return [what for what in missing_before_sending(company=company.id) if what in LETTERHEAD]


def _batches(run: int) -> Iterator[list[int]]:
    """What is left to render, a batch at a time; now and then the planner is told how many notices there are."""
    after = 0
    for place in count():
        if place % BETWEEN_SIZES == 0:
            _learn_sizes()
        with transaction.atomic():
            batch = to_render(run=run, after=after, most=CHUNK)
        if not batch:
            return
        yield batch
        after = batch[-1]


def _learn_sizes() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select dunning_learn_sizes()")


def _tell(company: Company, run: int, at: datetime, done: int) -> None:
    with transaction.atomic():
        tell_progress(company=company.id, kind="run", subject=run, at=at, done=done)


def _finish(company: Company, run: int, at: datetime) -> None:
    with transaction.atomic():
        Run.objects.filter(company_id=company.id, id=run, state="approved").update(state="released")
        tell_progress(company=company.id, kind="run", subject=run, at=at, state="done")


def release_notice(
    *, company: Company, notice: int, by: Actor, at: datetime, stock: Stock | None = None
) -> str:
    """Render one notice of an approved run and queue its message; returns what happened to it. Raises RunNotApproved.

    rendered, no_recipient, render_failed, stopped; withheld or ended if a person was faster. All under its customer's lock.
    `stock` is what the letters of a batch share.
    """
    stock = stock or Stock(company)
    with transaction.atomic():
        now = _locked(company, [notice], at)
        made = [make(stock=stock, content=content, at=at) for content in now.free()]
        kinds = _keep(stock, now, made, by, at)
    failpoint("notice_released")
    return kinds[notice]


def _release_batch(company: Company, batch: Sequence[int], by: Actor, clock: Clock) -> dict[int, str]:
    """What became of each notice of a batch. What cannot be stored together is released alone."""
    stock, at = Stock(company), clock()
    try:
        kinds = _release_together(stock, batch, by, at)
    except (IntegrityError, DataError):
        _log.exception(
            "a batch of company %s is refused by the database, and released one by one", company.id
        )
        kinds = {}
    for notice in batch:
        if notice not in kinds:
            kinds[notice] = _release_alone(stock, notice, by, clock())
    return kinds


def _release_together(stock: Stock, batch: Sequence[int], by: Actor, at: datetime) -> dict[int, str]:
    """As many of the batch as have not changed while their letters were made; the others are left out."""
    with transaction.atomic():
        before = _look(stock.company, batch, at)
        made = [make(stock=stock, content=content, at=at) for content in within_bounds(before.free())]
    with transaction.atomic():
        now = _locked(stock.company, batch, at)
        same = [one for one in made if one.content == now.contents[one.content.notice.id]]
        kinds = _keep(stock, now, same, by, at)
        failpoint("batch_stored")
    failpoint("notice_released")
    return kinds


def _release_alone(stock: Stock, notice: int, by: Actor, at: datetime) -> str:
    """One notice; if the database refuses even that, it is parked with the reason, and the others go on."""
    try:
        return release_notice(company=stock.company, notice=notice, by=by, at=at, stock=stock)
    except (IntegrityError, DataError) as problem:
        _log.exception("notice %s of company %s is refused by the database", notice, stock.company.id)
        with transaction.atomic():
            found = _locked(stock.company, [notice], at).contents[notice].notice
            return _note(found, "render_failed", by, at, type(problem).__name__)


def _locked(company: Company, notices: Sequence[int], at: datetime) -> _Standing:
    """How notices stand now, their customers locked until the end of the transaction."""
    asked = Notice.objects.filter(company_id=company.id, id__in=notices)
    lock_customers(company=company.id, customers=asked.values_list("customer_id", flat=True))
    return _look(company, notices, at)


def _look(company: Company, notices: Sequence[int], at: datetime) -> _Standing:
    """How notices stand, in a handful of statements. Raises RunNotApproved."""
    today = company.day_at(at)
    found = with_claimable(company=company, contents=with_ways(contents(notices=notices), on=today))
    states = {content.notice.run.state for content in found.values()}
    if not states <= {"approved", "released"}:
        raise RunNotApproved(*sorted(states))
    return _Standing(
        over={notice: course.bar for notice, course in courses(notices=notices).items()},
        stops=stop_reasons(contents=found.values(), on=today),
        contents=found,
    )


def _keep(
    stock: Stock, now: _Standing, made: Sequence[Made | Unmade], by: Actor, at: datetime
) -> dict[int, str]:
    """Store what was made, note what was not, under the customers' locks; what became of each notice."""
    kinds = {notice: kind for notice, kind in now.over.items() if kind}
    for notice, reason in now.stops.items():
        if reason and notice not in kinds:
            kinds[notice] = _note(now.contents[notice].notice, "stopped", by, at, reason)
    free = [one for one in made if one.content.notice.id not in kinds]
    _store(stock, [one for one in free if isinstance(one, Made)], by, at)
    for one in free:
        found = one.content.notice
        kinds[found.id] = "rendered" if isinstance(one, Made) else _note(found, one.kind, by, at, one.reason)
    return kinds


def _store(stock: Stock, letters: Sequence[Made], by: Actor, at: datetime) -> None:
    """The bytes first, synced; then their rows, those of all letters together."""
    if not letters:
        return
    company = stock.company
    papers = stored_papers(company=company.id, letters=letters, at=at)
    NoticeEvent.objects.bulk_create(_rendered(one, document, by, at) for one, document, _bodies in papers)
    keep_enclosures(company=company.id, letters=letters)
    queue_intents(
        company=company.id,
        drafts={
            named: _draft(stock, one, channel, document, bodies, at)
            for one, document, bodies in papers
            for channel, named in one.messages
        },
        by=by,
        at=at,
    )
    record_all(
        company=company.id,
        by=by,
        at=at,
        entries=[_entry(one, document) for one, document, _bodies in papers],
    )


def _rendered(one: Made, document: Blob, by: Actor, at: datetime) -> NoticeEvent:
    return an_event(
        one.content.notice,
        "rendered",
        by=by,
        at=at,
        reason=one.channel,
        document=document,
        party_id=one.composed.recipient.party,
        deadline_on=one.composed.deadline_on,
    )


def _entry(one: Made, document: Blob) -> Entry:
    notice = one.content.notice
    return Entry(
        verb="notice.rendered",
        subjects=[Subject("notice", notice.id, notice.customer_id)],
        facts={"document": document.sha256, "channel": one.channel, "number": notice.number},
    )


def _draft(
    stock: Stock, one: Made, channel: str, document: Blob, bodies: Mapping[str, Blob], at: datetime
) -> Draft:
    """One message of a notice: the mail with its body, or the letter, with copies behind it where some go along."""
    notice, composed = one.content.notice, one.composed
    return Draft(
        kind="notice",
        subject=notice.id,
        customer=notice.customer_id,
        party=composed.recipient.party,
        channel=channel,
        recipient=composed.recipient.email if channel == "mail" else "",
        contact=composed.recipient.contact if channel == "mail" else None,
        via=composed.recipient.via,
        language=composed.language,
        mail_subject=composed.texts.subject,
        document=bodies.get("letter", document) if channel == "letter" else document,
        body=bodies.get("mail") if channel == "mail" else None,
        data_as_of=notice.run.data_as_of,
        approved_by=stock.approver(notice.run_id),
        due_at=_earliest(stock.company, composed.sent_on, at),
        conditions=[
            Condition(line.item, line.open_minor, line.kind in ("due", "upcoming"))
            for line in composed.facts.lines
        ],
    )


def _earliest(company: Company, sent_on: date, at: datetime) -> datetime:
    """Now, or seven in the morning of the sending day where that is still ahead."""
    zone = ZoneInfo(company.time_zone)
    return at if sent_on <= at.astimezone(zone).date() else datetime.combine(sent_on, time(7), zone)


def _note(notice: Notice, kind: str, by: Actor, at: datetime, reason: str = "") -> str:
    """Note what became of a notice, unless the same was said already and nothing has changed since."""
    if needs_another_word(notice=notice, kind=kind, reason=reason):
        add_event(notice, kind, by=by, at=at, reason=reason)
        record(
            company=notice.company_id,
            by=by,
            at=at,
            verb=f"notice.{kind}",
            subjects=[Subject("notice", notice.id, notice.customer_id)],
            facts={"number": notice.number, "reason": reason},
        )
    return kind
