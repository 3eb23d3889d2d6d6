"""Mails that come in and find their cases: half are signed answers of whoever was asked, a quarter names an invoice of the
customer's, a quarter comes from somewhere else and waits in the inbox.

Ten mails a case, each a file in the company's inbox. Measured is what the minute's jobs do until every mail was taken and sorted:
read, kept, recognised, placed, and its comment written where it is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from bench import ground

if TYPE_CHECKING:
    from debitora.disputes.models import CaseMail
    from debitora.people.models import Company, User

SIZES = (1_000, 10_000)
UNIT = "mails"
PER_CASE = 10


def times(size: int) -> int:
    """How often the work is measured: ten thousand once."""
    return 1 if size >= 10_000 else 3


def prepare(size: int) -> Callable[[], object]:
    """A company for each time, with a case for ten mails, and the mails in its inbox."""
    ground.lay()
    waiting = [_company(size) for _ in range(times(size))]
    ground.tidy()
    return lambda: _take(waiting.pop(), size)


def _company(size: int) -> Company:
    from django.db import transaction

    from debitora.kit.pg.company import serving
    from debitora.messaging.queries.incoming import mail_folder
    from debitora.messaging.testing import a_sender
    from debitora.people.actions import add_user, grant
    from debitora.trail.rules import system

    company = ground.found()
    by, at = system("bench"), company.created_at
    with serving(company.id):
        with transaction.atomic():
            a_sender(company.id)
        person = add_user(
            login=f"anna.{company.code}", name="Anna", password="correct horse battery", language="de",
            email=f"anna@{company.code}.example", at=at,
        )  # fmt: skip
        grant(company=company, user=person, role="sales", by=by, at=at)
        folder = mail_folder(company_code=company.code)
        folder.mkdir(parents=True)
        for number in range(size // PER_CASE):
            with transaction.atomic():
                told = _case(company, person, number)
                mails = list(_mails(told, person.email, number))
            for place, data in enumerate(mails):
                (folder / f"{number}-{place}.eml").write_bytes(data)
    return company


def _case(company: Company, person: User, number: int) -> CaseMail:
    """A case of a customer of the person's, and the mail that told her of it."""
    from debitora.disputes.models import CaseMail, CaseStep
    from debitora.disputes.rules.telling import LINK
    from debitora.disputes.testing import a_case
    from debitora.kit.runtime import now
    from debitora.receivables.testing import a_customer, an_open_item

    customer = a_customer(company.id, f"{number}", email=f"k{number}@kunde.example", salesperson_id=person.id)
    case = a_case(company, [an_open_item(company.id, customer, number=f"RE-{number:06}")])
    at = now()
    return CaseMail.objects.create(
        company=company, case=case, step=CaseStep.objects.filter(case=case).latest("id"), user_id=person.id,
        state="sent", claimed_at=at, state_at=at, until=at + LINK,
    )  # fmt: skip


def _mails(told: CaseMail, address: str, number: int) -> Iterator[bytes]:
    from debitora.disputes.queries.telling import mail_mark

    name = f"<case-{mail_mark(company=told.company_id, mail=told.id, use='reply')}@acme.example>"
    for place in range(PER_CASE):
        if place % 2 == 0:
            yield _mail(address, "Re: Preis", f"Es gilt die Liste vom Mai, Punkt {place}.", name)
        elif place % 4 == 1:
            yield _mail(f"k{number}@kunde.example", f"RE-{number:06}", f"Wir zahlen weniger, {place}.")
        else:
            yield _mail(f"x{number}@elsewhere.example", "Angebot", f"Guten Tag {number} {place}")


def _mail(sender: str, subject: str, text: str, about: str = "") -> bytes:
    from email.message import EmailMessage
    from email.policy import SMTP

    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, "mahnung@acme.example", subject
    if about:
        mail["In-Reply-To"] = about
    mail.set_content(f"{text}\n\nAm 18.11.2026 schrieb Acme:\n> was gefragt war\n")
    return mail.as_bytes()


def _take(company: Company, size: int) -> None:
    """Look into the inbox as often as there is something, two minutes after the last mail arrived."""
    from django.db import transaction

    from debitora.disputes.actions.placing import sort_mails
    from debitora.disputes.models import MailPlacing
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.actions.fetching import fetch_mails
    from debitora.trail.rules import system

    by = system("bench")
    with serving(company.id):
        while fetch_mails(company=company, by=by, clock=lambda: now() + timedelta(minutes=2)):
            while sort_mails(company=company, by=by, at=now()):
                pass
        while sort_mails(company=company, by=by, at=now()):
            pass
        with transaction.atomic():
            on_cases = MailPlacing.objects.filter(kind="case").count()
            waiting = MailPlacing.objects.filter(kind="waits").count()
    if on_cases + waiting != size or not size * 7 // 10 <= on_cases <= size * 8 // 10:
        raise RuntimeError(f"{on_cases} mails stand beside cases, {waiting} wait")
