"""Two workers make and send the digests of a day at once: everybody gets one, on committed data."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from debitora.desk.tests.test_digests import BASE, made, wants
from debitora.kit.pg.company import serving
from debitora.messaging.actions import person_mails
from debitora.messaging.actions.person_mails import send_person_mails
from debitora.messaging.models import PersonMail
from debitora.messaging.testing import MOMENT, a_sender
from debitora.people.models import Company, User
from tests.smtp_server import SmtpServer


@pytest.fixture
def acme(committed: str, company: Company, manager: User, sales: User) -> Company:
    with transaction.atomic():
        wants(company, manager, "manager")
        wants(company, sales, "sales")
    return company


def twice_at_once(company: Company, work: Callable[[], Any]) -> list[Any]:
    def served(_number: int) -> Any:
        try:
            with serving(company.id):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        return list(both.map(served, range(2)))


@transaction.atomic
def states() -> list[str]:
    return list(PersonMail.objects.order_by("id").values_list("state", flat=True))


def test_two_who_make_them_at_once_make_one_each(acme: Company) -> None:
    assert sum(twice_at_once(acme, lambda: made(acme))) == 2
    assert states() == ["queued", "queued"]


def test_two_who_send_at_once_send_each_once(acme: Company) -> None:
    made(acme)
    with SmtpServer() as server:
        with transaction.atomic():
            a_sender(acme.id, port=server.port)
        twice_at_once(acme, lambda: send_person_mails(company=acme, base=BASE, clock=lambda: MOMENT))
    assert states() == ["sent", "sent"]
    assert len({mail.recipients for mail in server.mails}) == len(server.mails) == 2


def test_without_the_note_of_the_beginning_a_mail_would_go_twice(
    acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a worker that read a mail as waiting sends it, whoever else has sent it meanwhile."""
    made(acme)
    with SmtpServer() as server:
        with transaction.atomic():
            a_sender(acme.id, port=server.port)
        monkeypatch.setattr(person_mails, "_move", lambda *_known: True)
        for _worker in range(2):
            send_person_mails(company=acme, base=BASE, clock=lambda: MOMENT)
    assert len(server.mails) == 4
