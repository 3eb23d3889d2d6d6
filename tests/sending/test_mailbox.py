"""Mails of a real mailbox (Dovecot): taken once each, put away after that, nothing lost by a worker that ends anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from debitora.formats.mail.opening import MAX_BYTES
from debitora.kit.imap import MailboxFailed
from debitora.kit.pg.company import serving
from debitora.messaging.actions.mailbox import (
    MailboxChangedMeanwhile,
    fetch_mailbox,
    save_mailbox,
    try_mailbox,
)
from debitora.messaging.models import ImapMailbox, IncomingMail
from debitora.messaging.testing import MOMENT, TESTS
from debitora.people.models import Company
from tests.imap_server import PASSWORD, ImapServer
from tests.sending.scenes import ROOT

LATER = MOMENT + timedelta(hours=2)
FETCH = """
import django
django.setup()
from debitora.kit.pg.company import serving
from debitora.messaging.actions.mailbox import fetch_mailbox
from debitora.messaging.testing import MOMENT, TESTS
from debitora.people.models import Company
import sys
company = Company.objects.get(id=int(sys.argv[1]))
with serving(company.id):
    fetch_mailbox(company=company, by=TESTS, clock=lambda: MOMENT)
"""


@pytest.fixture
def post() -> Iterator[ImapServer]:
    with ImapServer() as server:
        yield server


def named(company: Company, server: ImapServer, **changes: object) -> ImapMailbox:
    facts = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "user": "acme",
        "password": PASSWORD,
    }
    box = ImapMailbox.objects.filter(company_id=company.id).first()
    return save_mailbox(
        company=company.id,
        changes={**facts, **changes},
        on=MOMENT.date(),
        by=TESTS,
        at=MOMENT,
        version=box.version if box else 0,
    )


def a_mail(number: int, *, size: int = 0) -> bytes:
    head = f"From: k{number}@kunde.example\r\nTo: a@acme.example\r\nSubject: Mail {number}\r\n\r\nHello {number}\r\n"
    return head.encode() + b"0" * size


def fetch(company: Company) -> dict[str, int]:
    return fetch_mailbox(company=company, by=TESTS, clock=lambda: LATER)


def subjects() -> list[str]:
    return list(IncomingMail.objects.order_by("id").values_list("subject", flat=True))


def test_each_mail_is_taken_once_and_marked_as_read(company: Company, post: ImapServer) -> None:
    named(company, post)
    for number in range(3):
        post.deliver(a_mail(number))
    assert fetch(company) == {"other": 3}
    assert fetch(company) == {}
    post.deliver(a_mail(3))
    assert fetch(company) == {"other": 1}
    assert subjects() == [f"Mail {number}" for number in range(4)]
    assert all(path.name.endswith("S") for path in (post.maildir / "cur").iterdir())
    box = ImapMailbox.objects.get()
    assert (box.last_uid, box.problem, box.looked_at) == (4, "", LATER)


def test_what_was_taken_is_moved_where_a_folder_is_named(company: Company, post: ImapServer) -> None:
    named(company, post, done_folder="Done")
    for part in ("", "cur", "new", "tmp"):
        place = post.maildir / ".Done" / part
        place.mkdir()
        os.chown(place, post._owner.pw_uid, post._owner.pw_gid)
    post.deliver(a_mail(1))
    assert fetch(company) == {"other": 1}
    assert (post.lying(), post.lying("Done")) == (0, 1)


def test_under_other_unique_ids_nothing_is_taken_twice(company: Company, post: ImapServer) -> None:
    named(company, post)
    post.deliver(a_mail(1))
    fetch(company)
    ImapMailbox.objects.update(validity=1)
    post.deliver(a_mail(2))
    assert fetch(company) == {"other": 2}
    assert subjects() == ["Mail 1", "Mail 2"]


def test_a_mail_that_is_too_large_is_told_and_stays_where_it_is(company: Company, post: ImapServer) -> None:
    named(company, post, done_folder="Nowhere")
    post.deliver(a_mail(1, size=MAX_BYTES))
    assert fetch(company) == {"other": 1}
    mail = IncomingMail.objects.get()
    assert (mail.subject, mail.reason, mail.document) == ("Mail 1", "too_large", None)
    assert post.lying() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "wrong"}, "no_login"),
        ({"folder": "Nowhere"}, "no_folder"),
        ({"port": 1}, "unreachable"),
        ({"security": "starttls"}, "insecure"),
        ({"security": "tls"}, "insecure"),
    ],
    ids=["password", "folder", "port", "starttls", "tls"],
)
def test_what_is_wrong_is_said_and_kept(
    company: Company, post: ImapServer, changes: dict[str, object], code: str
) -> None:
    named(company, post, **changes)
    with pytest.raises(MailboxFailed) as failed:
        try_mailbox(company=company.id)
    assert failed.value.code == code
    assert fetch(company) == {}
    assert ImapMailbox.objects.get().problem == code


def test_a_certificate_of_nobody_known_is_refused(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate,
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    with ImapServer(certificate=(certificate, key)) as server:
        named(company, server, security="starttls")
        with pytest.raises(MailboxFailed) as failed:
            try_mailbox(company=company.id)
        assert failed.value.code == "insecure"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert try_mailbox(company=company.id) == 0


def test_the_test_counts_and_changes_nothing(company: Company, post: ImapServer) -> None:
    named(company, post)
    post.deliver(a_mail(1))
    assert try_mailbox(company=company.id) == 1
    assert fetch(company) == {"other": 1}


def test_the_password_is_sealed_and_another_place_is_read_from_its_beginning(
    company: Company, post: ImapServer
) -> None:
    box = named(company, post)
    assert PASSWORD not in box.password_sealed
    post.deliver(a_mail(1))
    fetch(company)
    with pytest.raises(MailboxChangedMeanwhile):
        save_mailbox(company=company.id, changes={}, on=MOMENT.date(), by=TESTS, at=MOMENT, version=99)
    assert named(company, post, user="other").last_uid == 0
    assert named(company, post, host="").host == ""
    assert fetch(company) == {}


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("place", ["mails_taken", "mailbox_taken", "mailbox_put_away"])
def test_a_worker_killed_in_the_middle_takes_nothing_twice_and_loses_nothing(
    committed: str, company: Company, post: ImapServer, place: str
) -> None:
    with serving(company.id), transaction.atomic():
        named(company, post)
    for number in range(5):
        post.deliver(a_mail(number))
    environment = {
        **os.environ,
        "DEBITORA_FAILPOINT": f"{place}:kill",
        "DEBITORA_DATABASE_NAME": committed,
        "DEBITORA_TEST": "1",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    killed = subprocess.run(
        [sys.executable, "-c", FETCH, str(company.id)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -9, killed.stderr
    with serving(company.id):
        fetch(company)
        with transaction.atomic():
            assert subjects() == [f"Mail {number}" for number in range(5)]
            assert ImapMailbox.objects.get().last_uid == 5
