"""The password of the mail server: never in clear in the database, and told when it cannot be read any more."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings

from debitora.messaging.actions import PasswordLost, save_sender, send_due, try_server
from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import Sender
from debitora.messaging.queries import Missing, missing_before_sending
from debitora.messaging.testing import MOMENT, TESTS
from debitora.people.models import Company

ANOTHER_KEY = override_settings(SECRET_KEY="the key of another home, which opens nothing here")
KEY = override_settings(SECRET_KEY="the key of this home, long enough to be one")


def given(company: Company, password: str) -> Sender:
    return save_sender(company=company.id, changes={"smtp_password": password}, by=TESTS, at=MOMENT)


def test_the_same_password_again_changes_nothing(company: Company) -> None:
    first = given(company, "s3cr3t")
    assert given(company, "s3cr3t").version == first.version
    assert given(company, "another").version == first.version + 1
    assert mail_server(given(company, "")).password == ""
    assert Sender.objects.get().smtp_password_sealed == ""


def test_a_lost_key_locks_sending_until_the_password_is_entered_again(company: Company) -> None:
    with KEY:
        sender = given(company, "s3cr3t")
        assert Missing.PASSWORD not in missing_before_sending(company=company.id)
    with ANOTHER_KEY:
        assert Missing.PASSWORD in missing_before_sending(company=company.id)
        assert send_due(company=company.id, clock=lambda: MOMENT) == {}
        with pytest.raises(PasswordLost):
            mail_server(sender)
        assert mail_server(given(company, "s3cr3t")).password == "s3cr3t"
        assert Missing.PASSWORD not in missing_before_sending(company=company.id)


def test_a_password_moved_to_another_company_does_not_open(company: Company) -> None:
    sender = given(company, "s3cr3t")
    sender.company_id += 1
    with pytest.raises(PasswordLost):
        mail_server(sender)


def test_the_test_of_the_server_says_what_to_do(
    company: Company, client_of: Callable[[Any], Client], manager: Any
) -> None:
    with KEY:
        save_sender(company=company.id, changes={"email": "ar@acme.example"}, by=TESTS, at=MOMENT)
        given(company, "s3cr3t")
    with ANOTHER_KEY:
        client = client_of(manager)
        with pytest.raises(PasswordLost):
            try_server(company=company.id, by=TESTS, at=MOMENT)
        page = client.post("/c/acme/settings/sender/test/", follow=True).content.decode()
    assert "enter it again" in page


def test_the_database_takes_no_password_in_clear(company: Company) -> None:
    sender = given(company, "s3cr3t")
    with pytest.raises(IntegrityError, match="smtp_password_is_sealed"), transaction.atomic():
        Sender.objects.filter(pk=sender.pk).update(smtp_password_sealed="s3cr3t")


def migrated(database: str, *to: str) -> None:
    """Bring messaging to a migration, else to its newest, as the owner does it: in a process of its own."""
    environment = {**os.environ, "DEBITORA_ROLE": "owner", "DEBITORA_DATABASE_NAME": database}
    command = [sys.executable, "-P", "-m", "django", "migrate", "--verbosity", "0", "messaging", *to]
    settings = {"DJANGO_SETTINGS_MODULE": "debitora.config.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, env={**environment, **settings}, check=True)


def test_the_migration_opens_and_seals_what_stands_there(committed: str, company: Company) -> None:
    """Back, where the password stands in clear, and forth again, with the passwords of all companies."""
    given(company, "s3cr3t")
    connection.close()
    migrated(committed, "0003")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select smtp_password from messaging_sender")
        assert cursor.fetchall() == [("s3cr3t",)]
    connection.close()
    migrated(committed)
    with transaction.atomic():
        sender = Sender.objects.get()
    assert "s3cr3t" not in sender.smtp_password_sealed
    assert mail_server(sender).password == "s3cr3t"
