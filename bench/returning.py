"""A storm of delivery reports: so many mails come back, each report a file in the company's inbox, until sending pauses.

The mails count as accepted without having been sent: their rows, and a customer for each, are copies made in bulk. Measured is what
the minute's job does until nothing lies there: each report read, its message brought back, its bytes kept, its record, its file
moved away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bench import ground

if TYPE_CHECKING:
    from debitora.people.models import Company

SIZES = (1_000, 20_000)
UNIT = "reports"
_COPY_CUSTOMERS = """
    insert into receivables_customer
    select (jsonb_populate_record(c, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('receivables_customer', 'id')),
        'number', c.number || '-' || n, 'number_key', c.number_key || '-' || n))).*
    from receivables_customer c, generate_series(1, %s) n where c.id = %s"""
_COPY_MAILS = """
    insert into messaging_intent
    select (jsonb_populate_record(i, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('messaging_intent', 'id')), 'public_id', gen_random_uuid(),
        'subject_id', c.id, 'customer_id', c.id, 'state', 'accepted', 'recipient', 'k' || c.id || '@kunde.example'))).*
    from messaging_intent i, receivables_customer c where i.id = %s and c.number like '10001-%%'"""


def times(size: int) -> int:
    """How often the work is measured: twenty thousand once."""
    return 1 if size >= 20_000 else 3


def prepare(size: int) -> Callable[[], object]:
    """A company with that many sent mails for each time, and their reports in its inbox."""
    ground.lay()
    waiting = [_company(size) for _ in range(times(size))]
    ground.tidy()
    return lambda: _take(waiting.pop(), size)


def _company(size: int) -> Company:
    from django.db import connection, transaction

    from debitora.kit.pg.company import serving
    from debitora.messaging.models import Intent
    from debitora.messaging.testing import a_queued_mail, a_sender
    from debitora.receivables.testing import a_customer, an_open_item

    company = ground.found()
    with serving(company.id), transaction.atomic(), connection.cursor() as cursor:
        a_sender(company.id)
        customer = a_customer(company.id, "10001", email="k@kunde.example")
        mail = a_queued_mail(company.id, customer, [an_open_item(company.id, customer, number="R-1")])
        cursor.execute(_COPY_CUSTOMERS, [size, customer])
        cursor.execute(_COPY_MAILS, [mail.id])
        sent = Intent.objects.filter(company_id=company.id, state="accepted")
        _report(company, list(sent.values_list("public_id", "recipient")), size)
    return company


def _report(company: Company, sent: list[tuple[object, str]], size: int) -> None:
    from debitora.messaging.queries.incoming import mail_folder
    from debitora.messaging.testing import a_report

    if len(sent) != size:
        raise RuntimeError(f"{len(sent)} mails were sent")
    folder = mail_folder(company_code=company.code)
    folder.mkdir(parents=True)
    for number, (public_id, recipient) in enumerate(sent):
        (folder / f"{number}.eml").write_bytes(a_report(f"<{public_id}@acme.example>", recipient))


def _take(company: Company, size: int) -> None:
    """Look into the inbox as often as there is something, two minutes after the last report arrived."""
    from django.db import transaction

    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.actions.fetching import fetch_mails
    from debitora.messaging.queries.sender import lock_in_force
    from debitora.trail.rules import system

    with serving(company.id):
        returned = 0
        while found := fetch_mails(
            company=company, by=system("bench"), clock=lambda: now() + timedelta(minutes=2)
        ):
            returned += found.get("returned", 0)
        with transaction.atomic():
            lock = lock_in_force(company=company.id)
    if returned != size or lock is None or lock.reason != "many_returned":
        raise RuntimeError(f"{returned} mails came back, sending was paused by {lock}")
