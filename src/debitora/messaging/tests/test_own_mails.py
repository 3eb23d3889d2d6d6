"""Mails to people of the company: what they choose, when it is due, that each leaves at most once, and that one click ends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from debitora.kit.failpoints import FailpointReached
from debitora.kit.runtime import clock_at
from debitora.messaging.actions import lock_sending
from debitora.messaging.actions.alerts import queue_alerts
from debitora.messaging.actions.own_mails import (
    ChoiceUnknown,
    Draft,
    choose_mails,
    queue_mails,
    stop_mails,
)
from debitora.messaging.actions.person_mails import send_person_mails
from debitora.messaging.jobs import people_clock
from debitora.messaging.models import MailChoice, PersonMail
from debitora.messaging.queries.own_mails import NOTHING, choice_of, stop_asked, stop_mark
from debitora.messaging.rules.own_mails import ALERTS, Choice, Rhythm, alert_is_due, digest_is_due
from debitora.messaging.rules.person_mail import Line, Part, PersonLetter, person_html, person_text
from debitora.messaging.testing import MOMENT, TESTS, a_sender
from debitora.people.actions import revoke
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from tests.smtp_server import Cut, Reply, Script, SmtpServer

Sign = Callable[[Any], Client]
ON = date(2026, 11, 18)
BASE = "https://debitora.example/c/acme"
PAGE = "/c/acme/own-mails/"
DAILY = Choice(Rhythm.DAILY, 0, 7, ("totals", "cases"), (), ON)
WEEKLY = replace(DAILY, rhythm=Rhythm.WEEKLY)
LETTER = PersonLetter(
    "en", "Acme", "A <b>subject</b>", "What is open", (Part("Sums", (Line("Open", "1.00 €"),)),),
    ("Open", f"{BASE}/"), ("You chose it.", "Stop", f"{BASE}/own-mails/stop/x/"), ("Choose", f"{BASE}/own-mails/"),
)  # fmt: skip


def chosen(company: Company, user: User, choice: Choice, *, role: str = "manager") -> None:
    User.objects.filter(id=user.id).update(email=f"{user.login}@acme.example", language="en")
    choose_mails(company=company, user=user.id, role=role, choice=choice, on=choice.begun_on, at=MOMENT)


def queued(company: Company, user: User, key: str = "2026-11-18", kind: str = "digest") -> int:
    return queue_mails(company=company.id, drafts=[Draft(user.id, kind, key, LETTER)], at=MOMENT)


def sent(company: Company, at: datetime = MOMENT) -> dict[str, int]:
    return send_person_mails(company=company, base=BASE, clock=lambda: at)


def states() -> list[str]:
    return list(PersonMail.objects.order_by("id").values_list("state", flat=True))


@pytest.fixture
def reader(company: Company, manager: User) -> User:
    chosen(company, manager, DAILY)
    return manager


@pytest.mark.parametrize(
    ("choice", "day", "hour", "working", "last_on", "due"),
    [
        (DAILY, 18, 7, True, None, True),
        (DAILY, 18, 6, True, None, False),
        (DAILY, 18, 20, True, None, True),
        (DAILY, 18, 9, False, None, False),
        (DAILY, 18, 9, True, 18, False),
        (DAILY, 18, 9, True, 17, True),
        (replace(DAILY, rhythm=Rhythm.NEVER), 18, 9, True, None, False),
        (WEEKLY, 18, 9, True, None, False),  # chosen on Wednesday for Mondays
        (WEEKLY, 23, 9, True, None, True),
        (WEEKLY, 23, 9, False, None, False),  # a holiday
        (WEEKLY, 24, 9, True, None, True),  # the next working day
        (WEEKLY, 24, 9, True, 23, False),
        (WEEKLY, 27, 9, True, 16, True),
        (replace(WEEKLY, weekday=2), 18, 9, True, None, True),
    ],
)
def test_when_a_digest_is_due(
    choice: Choice, day: int, hour: int, working: bool, last_on: int | None, due: bool
) -> None:
    last = None if last_on is None else date(2026, 11, last_on)
    assert digest_is_due(choice, on=date(2026, 11, day), hour=hour, working=working, last_on=last) is due


def test_alerts_keep_a_pause() -> None:
    assert alert_is_due(last_at=None, at=MOMENT)
    assert not alert_is_due(last_at=MOMENT, at=MOMENT + timedelta(minutes=9, seconds=59))
    assert alert_is_due(last_at=MOMENT, at=MOMENT + timedelta(minutes=10))


def test_the_mail_says_the_same_twice_and_escapes_every_name() -> None:
    letter = replace(
        LETTER, parts=(Part("Top", (Line("Wald <script>", "2.00 €", "late", BASE, True),), "End"),)
    )
    html, text = person_html(letter), person_text(letter)
    assert "<script>" not in html
    assert "Wald &lt;script&gt;" in html
    assert [word in text for word in ("TOP", "Wald <script>  2.00 €", "late", "End", "You chose it.")] == [
        True
    ] * 5
    assert not re.search(r"(?:src|@import|url\()", html)


def test_what_one_chooses_is_kept_and_only_what_one_may(company: Company, manager: User, sales: User) -> None:
    assert choice_of(user=manager.id) == NOTHING
    chosen(company, manager, replace(DAILY, alerts=("run_waits",)))
    chosen(company, manager, replace(DAILY, alerts=("run_waits",), begun_on=ON + timedelta(days=3)))
    assert choice_of(user=manager.id) == replace(DAILY, alerts=("run_waits",))
    for wrong in (
        replace(DAILY, parts=("secrets",)),
        replace(DAILY, hour=4),
        replace(DAILY, weekday=6),
        replace(DAILY, alerts=("run_waits",)),
    ):
        with pytest.raises(ChoiceUnknown):
            chosen(company, sales, wrong, role="sales")
    with pytest.raises(IntegrityError, match="mail_moment_usual"), transaction.atomic():
        MailChoice.objects.update(hour=3)


def test_a_key_is_queued_once(company: Company, reader: User) -> None:
    assert [queued(company, reader), queued(company, reader), queued(company, reader, "2026-11-19")] == [
        1,
        0,
        1,
    ]
    assert queue_mails(company=company.id, drafts=[], at=MOMENT) == 0


def test_it_leaves_once_with_a_way_to_end_it_and_says_nothing_afterwards(
    company: Company, reader: User
) -> None:
    queued(company, reader)
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        assert [sent(company), sent(company)] == [{"sent": 1}, {}]
    [mail] = server.mails
    read = message_from_bytes(mail.data, policy=policy.default)
    assert (read["To"], read["Subject"]) == (f"{reader.login}@acme.example", "A <b>subject</b>")
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.data.startswith(b"List-Unsubscribe: <http")  # as it is: mail programs decode nothing here
    mark = read["List-Unsubscribe"].rpartition("stop/")[2].strip("/>")
    assert stop_asked(company=company.id, mark=mark) == (reader.id, "digest")
    kept = PersonMail.objects.get()
    assert (kept.state, kept.subject, kept.text, kept.html) == ("sent", "", "", "")


@pytest.mark.parametrize(
    ("script", "after", "arrived"),
    [
        (Script(rcpt=Reply(451)), ["queued", "sent"], 1),
        (Script(rcpt=Reply(550)), ["refused", "refused"], 0),
        (Script(data=Reply(451)), ["queued", "sent"], 1),
        (Script(dot=Reply(451)), ["queued", "sent"], 1),
        (Script(dot=Reply(554)), ["refused", "refused"], 0),
        (Script(dot=Cut()), ["started", "started"], 0),
    ],
)
def test_what_a_server_refuses_for_now_goes_later_and_what_it_may_have_taken_never_twice(
    company: Company, reader: User, script: Script, after: list[str], arrived: int
) -> None:
    queued(company, reader)
    seen = []
    with SmtpServer(script, Script()) as server:
        a_sender(company.id, port=server.port)
        for _round in range(2):
            sent(company)
            seen += states()
    assert seen == after
    assert len(server.mails) == arrived


def test_a_worker_that_dies_in_between_leaves_no_second_mail(
    company: Company, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(company, reader)
    monkeypatch.setenv("DEBITORA_TEST", "1")
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        monkeypatch.setenv("DEBITORA_FAILPOINT", "person_mail_started:raise")
        with pytest.raises(FailpointReached):
            sent(company)
        monkeypatch.delenv("DEBITORA_FAILPOINT")
        assert (sent(company), states()) == ({}, ["started"])
    assert not server.mails


def test_nothing_leaves_to_whom_it_may_not(company: Company, reader: User, clerk: User) -> None:
    User.objects.filter(id=clerk.id).update(email="clerk@acme.example")
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        queued(company, clerk)
        revoke(company=company, user=clerk, by=TESTS, at=MOMENT)
        queued(company, reader)
        User.objects.filter(id=reader.id).update(email="nonsense")
        assert sent(company) == {"dropped": 2}
        User.objects.filter(id=reader.id).update(email="reader@acme.example")
        queued(company, reader, "2026-11-19")
        assert sent(company, MOMENT + timedelta(hours=25)) == {"dropped": 1}
        queued(company, reader, "2026-11-20")
        lock_sending(company=company.id, note="", by=TESTS, at=MOMENT)
        assert sent(company) == {}
    assert sorted(PersonMail.objects.values_list("reason", flat=True)) == [
        "", "address_refused", "no_role", "too_late",
    ]  # fmt: skip
    assert not server.mails


def test_one_click_ends_it_without_signing_in_and_looking_ends_nothing(
    company: Company, reader: User
) -> None:
    chosen(company, reader, replace(DAILY, alerts=("run_waits",)))
    queued(company, reader)
    visitor = Client(enforce_csrf_checks=True)
    url = f"{PAGE}stop/{stop_mark(company=company.id, user=reader.id, kind='digest')}/"
    assert "Stop the digest?" in visitor.get(url).content.decode()
    assert choice_of(user=reader.id).rhythm is Rhythm.DAILY
    for _twice in range(2):
        answer = visitor.post(url, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "No more such mails" in answer.content.decode()) == (200, True)
    assert choice_of(user=reader.id) == replace(DAILY, rhythm=Rhythm.NEVER, alerts=("run_waits",))
    assert states() == ["dropped"]
    assert visitor.put(url).status_code == 405


def test_a_link_of_another_company_or_nobodys_is_not_there(
    company: Company, reader: User, other_company: Company
) -> None:
    visitor = Client()
    strange = stop_mark(company=other_company.id, user=reader.id, kind="digest")
    good = stop_mark(company=company.id, user=reader.id, kind="digest")
    unknown = stop_mark(company=company.id, user=2**40, kind="digest")
    for path in (
        f"{PAGE}stop/{strange}/",
        f"{PAGE}stop/{good}x/",
        f"{PAGE}stop/{unknown}/",
        f"{PAGE}stop/7-aaaaaaaaaaaaaaaaaaaaaaaaaa/",
        f"/c/nowhere/own-mails/stop/{good}/",
        f"/own-mails/stop/{good}/",
    ):
        assert [visitor.get(path).status_code, visitor.post(path).status_code] == [404, 404], path
    assert choice_of(user=reader.id).rhythm is Rhythm.DAILY


def happened(company: Company, verb: str, *, at: datetime = MOMENT, by: Actor = TESTS, about: int = 7) -> int:
    return record(company=company.id, by=by, at=at, verb=verb, subjects=[Subject("run", about)])


def alerted(company: Company, at: datetime) -> int:
    return queue_alerts(company=company, base=BASE, on=ON, at=at)


def test_what_happens_is_told_once_and_gathered(company: Company, manager: User) -> None:
    happened(company, "run.proposed", at=MOMENT - timedelta(minutes=1))
    chosen(company, manager, replace(NOTHING, alerts=("run_waits", "mail_failed"), begun_on=ON))
    assert alerted(company, MOMENT) == 0  # lies before the choice
    first = happened(company, "run.proposed")
    assert [alerted(company, MOMENT), alerted(company, MOMENT)] == [1, 0]
    later = [happened(company, "delivery.returned", about=place) for place in range(3)]
    happened(company, "import.applied")
    happened(company, "run.proposed", by=Actor(manager.id, "user", manager.login))
    assert alerted(company, MOMENT + timedelta(minutes=5)) == 0
    assert alerted(company, MOMENT + timedelta(minutes=10)) == 1
    one, other = PersonMail.objects.order_by("id")
    assert (one.subject, one.told) == ("A dunning run waits for approval", [first])
    assert (other.subject, sorted(other.told)) == ("3 things happened", later)
    assert f"{BASE}/runs/7/" in one.text
    assert alerted(company, MOMENT + timedelta(hours=3)) == 0


def test_an_answer_of_sales_and_a_mail_in_the_inbox_are_told_to_whoever_may_see_them(
    company: Company, manager: User, clerk: User, sales: User
) -> None:
    User.objects.filter(id=clerk.id).update(email="clerk@acme.example")
    wanted = replace(NOTHING, alerts=("sales_answered", "mail_waits"), begun_on=ON)
    chosen(company, manager, wanted)
    chosen(company, clerk, wanted)
    seller = Actor(sales.id, "user", sales.login)
    for verb, kind in (("sales.stopped", "question"), ("sales.released", "question"), ("mail.waits", "mail")):
        record(company=company.id, by=seller, at=MOMENT, verb=verb, subjects=[Subject(kind, 7)])
    assert [alerted(company, MOMENT), alerted(company, MOMENT)] == [2, 0]
    for mail in PersonMail.objects.all():
        assert f"{BASE}/sales/7/" in mail.text
        assert f"{BASE}/clarification/inbox/7/" in mail.text
        assert len(mail.told) == 3
    with pytest.raises(ChoiceUnknown):
        chosen(company, sales, wanted, role="sales")


def test_a_large_payment_is_told_once_to_whoever_sees_the_customer(
    company: Company, manager: User, sales: User
) -> None:
    hers = a_customer(company.id, "1", name="Hers", salesperson_id=sales.id)
    others = a_customer(company.id, "2", name="Others")
    chosen(company, manager, replace(NOTHING, alerts=("payment_10000", "payment_1000"), begun_on=ON))
    chosen(company, sales, replace(NOTHING, alerts=("payment_1000",), begun_on=ON), role="sales")
    for customer, number, minor in ((hers, "P-1", 100_000), (others, "P-2", 200_000), (hers, "P-3", 99_999)):
        paid = an_open_item(company.id, customer, number=number, minor=-minor, kind="payment")
        assert paid.amount_minor == -minor
    late = Item.objects.order_by("-recorded_at")[0].recorded_at
    MailChoice.objects.update(chosen_at=late - timedelta(minutes=1))
    assert [alerted(company, late), alerted(company, late + timedelta(minutes=10))] == [2, 0]
    mails = {mail.user_id: mail for mail in PersonMail.objects.all()}
    assert mails[sales.id].subject == "A customer has paid"
    assert ("Hers" in mails[sales.id].text, "Others" in mails[sales.id].text) == (True, False)
    assert "EUR 2,000.00" in mails[manager.id].text
    assert mails[manager.id].subject == "2 things happened"


def test_a_role_that_changed_is_told_of_nothing_it_may_not(company: Company, sales: User) -> None:
    MailChoice.objects.create(
        company=company, user_id=sales.id, rhythm="never", weekday=0, hour=7, parts=[], alerts=list(ALERTS),
        begun_on=ON, chosen_at=MOMENT,
    )  # fmt: skip
    User.objects.filter(id=sales.id).update(email="sales@acme.example")
    for _alert, (_permission, verbs) in ALERTS.items():
        for verb in verbs:
            happened(company, verb)
    assert alerted(company, MOMENT) == 0


def test_stopping_what_nobody_chose_changes_nothing(company: Company, manager: User) -> None:
    assert not stop_mails(user=manager.id, kind="alert", at=MOMENT)
    chosen(company, manager, replace(DAILY, alerts=("run_waits",)))
    assert stop_mails(user=manager.id, kind="alert", at=MOMENT)
    assert choice_of(user=manager.id) == DAILY


def test_the_page_keeps_a_choice_and_tells_what_came(
    client_of: Sign, company: Company, manager: User, sales: User
) -> None:
    client = client_of(manager)
    given = {
        "rhythm": "weekly",
        "weekday": "2",
        "hour": "8",
        "parts": ["totals", "top"],
        "alerts": ["run_waits"],
    }
    with clock_at(MOMENT):
        assert client.post(f"{PAGE}chosen/", given).status_code == 303
    assert choice_of(user=manager.id) == Choice(Rhythm.WEEKLY, 2, 8, ("totals", "top"), ("run_waits",), ON)
    queued(company, manager)
    assert "waits for its sending" in client.get(PAGE).content.decode()
    for wrong in ({"rhythm": "hourly"}, {"hour": "3"}, {"parts": []}, {"alerts": ["everything"]}):
        assert client.post(f"{PAGE}chosen/", {**given, **wrong}).status_code == 422
    selling = client_of(sales)
    assert "The largest overdue customers" not in selling.get(PAGE).content.decode()
    told = selling.get(PAGE).content.decode()
    assert ("A dunning run waits" in told, "I was mentioned in a note" in told) == (False, True)
    assert selling.post(f"{PAGE}chosen/", {**given, "parts": ["top"]}).status_code == 422


def test_the_clock_asks_only_where_something_waits(company: Company, reader: User) -> None:
    with clock_at(MOMENT):
        people_clock(0)
        queued(company, reader)
        chosen(company, reader, replace(DAILY, alerts=("run_waits",)))
        people_clock(0)
