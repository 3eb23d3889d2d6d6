"""The page of the mailbox: named, refused, tested, and its password never shown."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from debitora.messaging.models import ImapMailbox
from debitora.people.models import Company, User
from tests.imap_server import PASSWORD, ImapServer

PAGE = "/c/acme/settings/mailbox/"
ClientOf = Callable[[User], Client]


def test_a_mailbox_is_named_and_tested(company: Company, client_of: ClientOf, manager: User) -> None:
    client = client_of(manager)
    assert "Mailbox" in client.get("/c/acme/settings/").content.decode()
    with ImapServer() as server:
        typed = {
            "host": "127.0.0.1", "port": str(server.port), "security": "none", "user": "acme", "password": PASSWORD,
            "folder": "INBOX", "done_folder": "", "version": "0",
        }  # fmt: skip
        assert client.post(PAGE, {**typed, "folder": "Gelöscht"}).status_code == 422
        assert "Now test the mailbox" in client.post(PAGE, typed, follow=True).content.decode()
        assert PASSWORD not in client.get(PAGE).content.decode()
        assert "Somebody else has changed" in client.post(PAGE, typed, follow=True).content.decode()
        tested = client.post(f"{PAGE}test/", follow=True).content.decode()
        assert "The mailbox answers: 0 mails lie in the folder." in tested
    tested = client.post(f"{PAGE}test/", follow=True).content.decode()
    assert "it cannot be reached under this name and port" in tested
    kept = ImapMailbox.objects.get().password_sealed
    empty = {**typed, "host": "", "password": "", "version": "1"}
    assert "No mailbox is read" in client.post(PAGE, empty, follow=True).content.decode()
    assert ImapMailbox.objects.get().password_sealed == kept
