"""A message to so many customers: the page of its draft with its preview, counted by what would become of it for each.

A twentieth has no address, a tenth was written to yesterday, a hundredth wants no such messages. `also` tells what follows once: the
start, which fixes whom it reaches, and the making of the first hundred mails.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Final

from bench import ground
from bench.lists import DAY
from bench.million import CUSTOMERS, PARTIES

if TYPE_CHECKING:
    from debitora.people.models import Company

SIZES = (1_000, 10_000, 100_000)
UNIT = "customers"
_ready: list[tuple[Company, int, datetime]] = []
_WRITTEN_TO: Final = """
insert into messaging_intent (company_id, public_id, kind, subject_id, customer_id, channel, party_id, recipient, language,
    mail_subject, document_id, body_id, data_as_of, approved_by_label, due_at, state, stop_reason, token, attempts, state_at, created_at)
select c.company_id, gen_random_uuid(), 'notice', c.id, c.id, 'mail', p.id, p.email, 'de', '', %(blob)s, %(blob)s, %(at)s, 'bench',
    %(at)s, 'accepted', '', '', 0, %(at)s, %(at)s
from receivables_customer c join receivables_party p on p.company_id = c.company_id and p.id = c.party_id where c.id %% 10 = 0
"""
_DECLINED: Final = """
insert into messaging_optout (company_id, customer_id, email, place, kind, recorded_by_label, recorded_at)
select c.company_id, c.id, p.email, 1, 'given', 'bench', %(at)s
from receivables_customer c join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
where c.id %% 100 = 1 and p.email <> ''
"""


def times(size: int) -> int:
    """How often the work is measured."""
    return 5


def prepare(size: int) -> Callable[[], object]:
    """A company with so many customers, and a draft for all of them."""
    ground.lay()
    from django.db import transaction

    from debitora.documents.actions import store_all
    from debitora.kit.pg.bulk import execute
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.testing import a_sender
    from debitora.trail.rules import system

    company, at = ground.found(), now()
    with serving(company.id), transaction.atomic():
        execute(PARTIES, company=company.id, customers=size, at=at)
        execute(CUSTOMERS, company=company.id, sales=[None], at=at)
        a_sender(company.id)
        [blob] = store_all(company=company.id, kept=[(b"bench", "message/rfc822")], at=at)
        execute(_WRITTEN_TO, blob=blob.id, at=at - timedelta(days=1))
        execute(_DECLINED, at=at)
        segment = _draft(company, system("bench"), at)
    ground.tidy()
    _ready.append((company, segment, at))
    return lambda: _looked_at(company, segment, size)


def also() -> dict[str, float]:
    """How long the start and the first hundred mails take."""
    from debitora.kit.pg.company import serving
    from debitora.messaging.actions.segments import make_batch, start_segment
    from debitora.trail.rules import system

    company, segment, at = _ready[0]
    with serving(company.id):
        begun = perf_counter()
        start_segment(company=company, segment=segment, on=DAY, by=system("bench"), at=at)
        started = perf_counter()
        make_batch(company=company, segment=segment, by=system("bench"), at=at)
        made = perf_counter()
    return {"start_s": round(started - begun, 2), "hundred_mails_s": round(made - started, 2)}


def _draft(company: Company, by: object, at: datetime) -> int:
    from debitora.messaging.actions.segments import add_segment, save_segment
    from debitora.messaging.rules.segments import Wording

    made = add_segment(company=company, name="Bench", query="", by=by, at=at)
    texts = {"de": Wording("Umzug", "Guten Tag,\n\nwir sind umgezogen.")}
    save_segment(segment=made.id, name="Bench", quiet_days=7, texts=texts, by=by, at=at)
    return int(made.id)


def _looked_at(company: Company, segment: int, size: int) -> None:
    from django.db import transaction

    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import today
    from debitora.messaging.models import Segment
    from debitora.messaging.queries.segments import forecast

    with serving(company.id), transaction.atomic():
        found = forecast(
            company=company, segment=Segment.objects.get(id=segment), on=today(company.time_zone)
        )
    if found.found != size or sum(found.outcomes.values()) != size or len(found.outcomes) < 4:
        raise RuntimeError(str(found.outcomes))
