"""The one mail of a day that tells a salesperson which notices to her customers have left: each once, none that came to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from debitora.dunning import jobs
from debitora.dunning.actions import copy_mail
from debitora.dunning.actions.copy_mail import tell_copies
from debitora.dunning.models import CopyMail, Notice, NoticeEvent
from debitora.dunning.queries.copies import copies_waiting
from debitora.dunning.rules.policy import Copy
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run, a_strategy
from debitora.kit.runtime import clock_at
from debitora.messaging.actions import lock_sending
from debitora.messaging.testing import a_sender
from debitora.people.models import Company, User
from tests.smtp_server import Reply, Script, SmtpServer

PAGES = "https://debitora.example/c/acme/notices/"
BASE = preset("de-business")


def copying(company: Company, to: Copy = Copy.SALESPERSON) -> None:
    a_strategy(company, kind="business", steps=(replace(BASE.steps[0], copy_to=to), *BASE.steps[1:]))


def left(company: Company, *, at: datetime = MOMENT) -> None:
    """Every notice of the company was accepted by the customer's server."""
    for notice in Notice.objects.all():
        NoticeEvent.objects.create(
            company=company, notice=notice, kind="accepted", actor_label="tests", recorded_at=at
        )


@pytest.fixture
def gone(acme: Company, sales: User, manager: User) -> Company:
    """Two notices to customers of the salesperson and one to a manager's have left."""
    copying(acme)
    for place, person in enumerate((sales, sales, manager), start=1):
        a_late_payer(acme, f"1000{place}", salesperson_id=person.id, name=f"Kunde {place}")
    User.objects.filter(id__in=(sales.id, manager.id)).update(language="de", email="anna@acme.example")
    a_run(acme)
    left(acme)
    return acme


def told(company: Company, user: User, *, on: date = ON, at: datetime = MOMENT) -> bool:
    return tell_copies(company=company, user=user.id, on=on, pages=PAGES, at=at)


def test_what_left_stands_in_one_mail_in_her_language(gone: Company, sales: User) -> None:
    with SmtpServer() as server:
        a_sender(gone.id, port=server.port)
        assert told(gone, sales)
    [mail] = server.mails
    read = message_from_bytes(mail.data, policy=policy.default)
    text = read.get_content()
    assert (read["Subject"], read["Auto-Submitted"]) == (
        "2 Mahnschreiben sind an Ihre Kunden gegangen",
        "auto-generated",
    )
    assert [name in text for name in ("Kunde 1", "Kunde 2", "Kunde 3")] == [True, True, False]
    mine = Notice.objects.filter(customer__salesperson_id=sales.id)
    assert all(f"{PAGES}{one.id}/" in text for one in mine)
    assert sorted(CopyMail.objects.get().notices) == sorted(mine.values_list("id", flat=True))


def test_each_notice_is_told_of_once_and_one_mail_goes_a_day(gone: Company, sales: User) -> None:
    with SmtpServer() as server:
        a_sender(gone.id, port=server.port)
        assert [told(gone, sales), told(gone, sales)] == [True, False]
        later = {"on": ON + timedelta(days=1), "at": MOMENT + timedelta(days=1)}
        assert not told(gone, sales, **later)  # type: ignore[arg-type]
    assert len(server.mails) == 1


@pytest.mark.parametrize(("to", "goes"), [(Copy.NONE, True), (Copy.SALESPERSON, False)])
def test_nobody_is_told_of_what_asks_for_no_copy_or_has_not_left(
    acme: Company, sales: User, to: Copy, goes: bool
) -> None:
    copying(acme, to)
    a_late_payer(acme, salesperson_id=sales.id)
    a_run(acme)
    if goes:
        left(acme)
    assert Notice.objects.exists()
    assert copies_waiting(on=ON) == {}


def test_who_left_the_house_and_customers_without_a_salesperson_are_left_out(
    gone: Company, sales: User, manager: User
) -> None:
    User.objects.filter(id=sales.id).update(is_active=False)
    assert list(copies_waiting(on=ON)) == [manager.id]


def test_what_a_server_refuses_is_tried_again_and_keeps_no_other_back(gone: Company) -> None:
    with SmtpServer(Script(rcpt=Reply(451)), Script()) as server:
        a_sender(gone.id, port=server.port)
        with clock_at(MOMENT):
            jobs.tell_of_copies(company=gone.id)
            assert (len(server.mails), CopyMail.objects.count()) == (1, 1)
            jobs.tell_of_copies(company=gone.id)
        assert (len(server.mails), CopyMail.objects.count()) == (2, 2)
        with clock_at(MOMENT + timedelta(days=3)):  # a Saturday
            jobs.tell_of_copies(company=gone.id)
    assert len(server.mails) == 2


def test_nothing_leaves_while_sending_is_locked(gone: Company, sales: User) -> None:
    with SmtpServer() as server:
        a_sender(gone.id, port=server.port)
        lock_sending(company=gone.id, note="", by=TESTS, at=MOMENT)
        assert not told(gone, sales)
    assert not server.mails
    assert not CopyMail.objects.exists()


def test_what_is_too_much_for_a_mail_is_counted(
    gone: Company, sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(id=sales.id).update(language="en")
    monkeypatch.setattr(copy_mail, "MOST_LINES", 1)
    with SmtpServer() as server:
        a_sender(gone.id, port=server.port)
        assert told(gone, sales)
    text = message_from_bytes(server.mails[0].data, policy=policy.default).get_content()
    assert "And 1 more." in text
