"""Pages of mails that came in: who may see them, what they say, and what a delivery that came back shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from debitora.kit.pg.company import serving
from debitora.messaging.actions.incoming import Brought, take_mails
from debitora.messaging.actions.locks import place_lock
from debitora.messaging.models import IncomingMail, Intent
from debitora.messaging.testing import MOMENT, TESTS, a_report
from debitora.people.models import Company
from debitora.trail.rules import system

Sign = Callable[[Any], Client]
OFFICE = ("clerk", "manager", "auditor")


def taken(company: Company, *mails: bytes) -> list[IncomingMail]:
    """The mails, as they were taken, oldest first."""
    before = IncomingMail.objects.count()
    for number, data in enumerate(mails, start=before):
        one = Brought(name=f"{number}.eml", sha256=f"{number:064}", size=len(data), data=data)
        take_mails(company=company.id, brought=[one], by=TESTS, at=MOMENT)
    return list(IncomingMail.objects.order_by("id"))


@pytest.fixture
def came_back(
    company: Company, scene: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> IncomingMail:
    """The scene's mail was accepted, and a report says that there is no such mailbox."""
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path))
    Intent.objects.filter(id=scene["mail"]).update(state="accepted")
    return taken(company, report_about(scene["mail"]))[0]


def report_about(intent: int, **options: str) -> bytes:
    found = Intent.objects.get(id=intent)
    return a_report(f"<{found.public_id}@acme.example>", found.recipient, **options)


@pytest.mark.parametrize("role", ["clerk", "manager", "sales", "auditor"])
@pytest.mark.parametrize("path", ["", "{mail}/", "{mail}/mail.eml"])
def test_the_office_sees_what_came_in(
    request: pytest.FixtureRequest, client_of: Sign, came_back: IncomingMail, path: str, role: str
) -> None:
    client = client_of(request.getfixturevalue(role))
    answer = client.get("/c/acme/deliveries/incoming/" + path.format(mail=came_back.id))
    assert answer.status_code == (200 if role in OFFICE else 403)


def test_what_is_not_there_and_what_is_anothers_are_the_same(
    client_of: Sign, clerk: Any, other_company: Company, scene: dict[str, int], company: Company
) -> None:
    with serving(other_company.id), transaction.atomic():
        theirs = taken(other_company, b"From: a@b.example\nSubject: NOBODY\n\nx")[0]
    client = client_of(clerk)
    hers = client.get(f"/c/acme/deliveries/incoming/{theirs.id}/")
    none = client.get("/c/acme/deliveries/incoming/99999999/")
    assert (hers.status_code, none.status_code) == (404, 404)
    assert "NOBODY" not in client.get("/c/acme/deliveries/incoming/").content.decode()


def test_what_a_machine_wrote_by_itself_keeps_no_bytes_and_what_a_person_wrote_does(
    client_of: Sign, clerk: Any, company: Company, scene: dict[str, int]
) -> None:
    written = b"From: Erika <erika@wald.example>\nSubject: Re: <b>Notice</b>\n\nPaid."
    (away,) = taken(company, b"Auto-Submitted: auto-replied\n" + written)
    client = client_of(clerk)
    assert client.get(f"/c/acme/deliveries/incoming/{away.id}/mail.eml").status_code == 404
    _away, mail = taken(company, written)
    assert client.get(f"/c/acme/deliveries/incoming/{mail.id}/mail.eml").status_code == 200
    page = client.get(f"/c/acme/deliveries/incoming/{mail.id}/").content.decode()
    assert "Written by a person" in page
    assert "Re: &lt;b&gt;Notice" in page
    assert "Nothing was changed." in page


def test_what_a_person_wrote_is_shown_without_what_she_quotes_and_without_markup(
    client_of: Sign, clerk: Any, company: Company, scene: dict[str, int]
) -> None:
    html = "<p>Paid <i>on</i> 3 May.</p><script>alert(1)</script><p>&lt;b&gt;Erika</p><blockquote>PLEASE PAY</blockquote>"
    (mail,) = taken(company, f"From: erika@wald.example\nContent-Type: text/html\n\n{html}".encode())
    client = client_of(clerk)
    for path in ("", f"{mail.id}/"):
        page = client.get(f"/c/acme/deliveries/incoming/{path}").content.decode()
        assert "Paid on 3 May. &lt;b&gt;Erika" in page
        assert "PLEASE PAY" not in page
        assert "alert(1)" not in page


def test_s09_an_answer_stands_beside_its_delivery_and_a_foreign_one_does_not(
    client_of: Sign, clerk: Any, company: Company, scene: dict[str, int]
) -> None:
    """By the random Message-ID that only the recipient knows, and from her address. Neither changes the delivery."""
    Intent.objects.filter(id=scene["mail"]).update(state="accepted")
    found = Intent.objects.get(id=scene["mail"])
    named = f"References: <x@y.example> <{found.public_id}@acme.example>"
    hers = f"From: Erika <{found.recipient.upper()}>\n{named}\n\nPaid on Monday.\n\n> Please pay"
    foreign = f"From: {found.recipient} <eve@evil.example>\n{named}\n\nNever."
    guessed = f"From: {found.recipient}\nSubject: {found.public_id}\nIn-Reply-To: <10001@x.example>\n\nGuess."
    mails = taken(company, hers.encode(), foreign.encode(), guessed.encode())
    assert [(mail.state, mail.intent_id) for mail in mails] == [
        ("other", found.id),
        ("other", None),
        ("other", None),
    ]
    page = client_of(clerk).get(f"/c/acme/deliveries/{found.id}/").content.decode()
    assert "Paid on Monday." in page
    assert "Never." not in page
    assert Intent.objects.get(id=found.id).state == "accepted"


def test_the_list_says_why_it_is_empty(
    client_of: Sign, clerk: Any, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    client = client_of(clerk)
    assert "Nobody brings incoming mail yet" in client.get("/c/acme/deliveries/incoming/").content.decode()
    folder = tmp_path / "inbox" / "acme" / "mail"
    folder.mkdir(parents=True)
    assert "No mail has come in yet" in client.get("/c/acme/deliveries/incoming/").content.decode()
    for place in (folder, folder / "unread"):
        place.mkdir(exist_ok=True)
        (place / "1.eml").write_bytes(b"x")
    page = client.get("/c/acme/deliveries/incoming/?state=other").content.decode()
    assert "1 mail lies there unread" in page
    assert "Nothing matches these filters" in page


def test_the_list_is_narrowed_and_paged(
    client_of: Sign, clerk: Any, company: Company, came_back: IncomingMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("debitora.messaging.pages.incoming.SIZE", 2)
    taken(company, *(f"From: a@b.example\nSubject: Letter-{n}\n\nx".encode() for n in range(4)))
    client = client_of(clerk)
    first = client.get("/c/acme/deliveries/incoming/").content.decode()
    assert [f"Letter-{n}" in first for n in range(4)] == [False, False, True, True]
    last = IncomingMail.objects.order_by("-id")[1].id
    second = client.get(f"/c/acme/deliveries/incoming/?after={last}").content.decode()
    assert [f"Letter-{n}" in second for n in range(4)] == [True, True, False, False]
    narrowed = client.get("/c/acme/deliveries/incoming/?state=returned").content.decode()
    assert "550 5.1.1 no such user here" in narrowed
    assert "Letter-3" not in narrowed
    assert client.get("/c/acme/deliveries/incoming/?state=%00&after=x").status_code == 200


def test_a_delivery_that_came_back_says_why_and_what_follows(
    client_of: Sign, clerk: Any, came_back: IncomingMail, scene: dict[str, int]
) -> None:
    client = client_of(clerk)
    page = client.get(f"/c/acme/deliveries/{scene['mail']}/").content.decode()
    for words in ("Came back", "550 5.1.1 no such user here", "There is no such mailbox.", "not reminded"):
        assert words in page
    assert f"/deliveries/incoming/{came_back.id}/" in page
    listed = client.get("/c/acme/deliveries/?state=returned").content.decode()
    assert "this address does not exist" in listed
    assert "1 came back: another way is needed" in client.get("/c/acme/").content.decode()


def test_another_reason_does_not_call_the_address_dead(
    client_of: Sign, clerk: Any, company: Company, scene: dict[str, int]
) -> None:
    Intent.objects.filter(id=scene["mail"]).update(state="accepted")
    taken(company, report_about(scene["mail"], status="5.2.2", words="552 mailbox full"))
    page = client_of(clerk).get(f"/c/acme/deliveries/{scene['mail']}/").content.decode()
    assert "There is no such mailbox." not in page
    assert "A server on the way did not deliver it." in page


def test_the_lock_of_a_storm_says_where_to_look(
    client_of: Sign, clerk: Any, company: Company, scene: object
) -> None:
    by = system("messaging.fetch")
    place_lock(company=company.id, reason="many_returned", note="", by=by, at=MOMENT)
    page = client_of(clerk).get("/c/acme/settings/sending/").content.decode()
    assert "by Debitora" in page
    assert "messaging.fetch" not in page
    assert "more mails came back within an hour" in page
    assert "/deliveries/incoming/?state=returned" in page


def test_i42_what_a_mail_was_found_to_be_cannot_be_changed(came_back: IncomingMail) -> None:
    for change in ("state = 'other'", "intent_id = null", "sha256 = 'x'"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update messaging_incomingmail set {change}")
    with pytest.raises(ProgrammingError), transaction.atomic():
        IncomingMail.objects.all().delete()
    IncomingMail.objects.update(sender="", subject="", recipient="", words="")


def test_s09_a_report_in_another_companys_folder_changes_nothing(
    company: Company, other_company: Company, scene: dict[str, int]
) -> None:
    """Not even one that names our message and its recipient rightly."""
    Intent.objects.filter(id=scene["mail"]).update(state="accepted")
    data = report_about(scene["mail"])
    with serving(other_company.id), transaction.atomic():
        (mail,) = taken(other_company, data)
        assert (mail.state, mail.intent_id) == ("not_ours", None)
    assert Intent.objects.get(id=scene["mail"]).state == "accepted"


def test_a_return_without_its_message_or_bytes_is_refused(company: Company, scene: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        IncomingMail.objects.create(
            company_id=company.id, sha256="0" * 64, name="x", size=1, state="returned", taken_at=MOMENT
        )
