"""Sender, send lock and texts on their pages."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from debitora.messaging.actions.sender import mail_server
from debitora.messaging.models import AllowedRecipient, Sender, SendLock, SendUnlock, Text
from debitora.messaging.testing import SENDER
from debitora.people.models import Company

Sign = Callable[[Any], Client]
WORDING = {
    "subject": "Rechnung {{ notice.number }}",
    "mail": "Bitte zahlen Sie {{ notice.total }}.",
    "opening": "Bitte zahlen Sie.",
    "closing": "Danke.",
}


# -------------------------------------------------------------------------------------------- sender


def typed(**changes: object) -> dict[str, object]:
    """The form as its page shows it, with changes."""
    sender = Sender.objects.get()
    unchanged = {**SENDER, "smtp_port": 2525, "daily_bound": 5000, "version": sender.version}
    return {**unchanged, **changes}


def test_what_is_missing_is_listed_with_its_place(company: Company, client_of: Sign, manager: Any) -> None:
    page = client_of(manager).get("/c/acme/settings/sender/").content.decode()
    assert "Missing before a first real sending" in page
    for field in ("name", "street", "email", "iban", "imprint", "smtp_host"):
        assert f"/settings/sender/edit/#id_{field}" in page
    assert "An operator has to confirm" in page


def test_a_changed_server_has_to_be_tested_again(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client, address = client_of(manager), "/c/acme/settings/sender/edit/"
    assert client.post(address, typed(city="Bremen")).status_code == 303
    assert Sender.objects.get().smtp_tested_at is not None
    assert "Now test the mail server" in client.post(address, typed(smtp_host="mx.example", city="Bremen"), follow=True).content.decode()  # fmt: skip
    assert Sender.objects.get().smtp_tested_at is None


def test_the_password_stays_unless_another_is_typed_and_is_never_shown(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client, address = client_of(manager), "/c/acme/settings/sender/edit/"
    client.post(address, typed(smtp_user="acme", smtp_password="s3cr3t word"))
    client.post(address, typed(smtp_user="acme", city="Bremen"))
    sender = Sender.objects.get()
    assert "s3cr3t" not in sender.smtp_password_sealed
    assert mail_server(sender).password == "s3cr3t word"
    for path in (address, "/c/acme/settings/sender/"):
        assert "s3cr3t" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("iban", "DE02120300000000202052"),
        ("email", "a@x.example, b@y.example"),
        ("email", "kein Name"),
        ("reply_to", "ä@x.example"),
        ("smtp_port", "70000"),
        ("smtp_security", "maybe"),
        ("daily_bound", "0"),
    ],
)
def test_wrong_input_is_said_beside_its_field_and_nothing_is_lost(
    scene: dict[str, int], client_of: Sign, manager: Any, field: str, value: str
) -> None:
    before = Sender.objects.get()
    answer = client_of(manager).post("/c/acme/settings/sender/edit/", typed(city="Bremen", **{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["city"].value() == "Bremen"
    assert Sender.objects.get().version == before.version


def test_h12_a_stale_form_is_kept_and_saved_at_the_second_try(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client, address = client_of(manager), "/c/acme/settings/sender/edit/"
    old = typed(city="Kiel")
    client.post(address, typed(city="Bremen"))
    stale = client.post(address, old)
    assert stale.status_code == 409
    assert "Bremen" in stale.content.decode()
    assert stale.context["form"]["city"].value() == "Kiel"
    again = {**old, "version": stale.context["form"]["version"].value()}
    assert client.post(address, again).status_code == 303
    assert Sender.objects.get().city == "Kiel"


def test_the_same_form_twice_changes_once(scene: dict[str, int], client_of: Sign, manager: Any) -> None:
    client, form = client_of(manager), typed(city="Bremen")
    assert client.post("/c/acme/settings/sender/edit/", form).status_code == 303
    version = Sender.objects.get().version
    client.post("/c/acme/settings/sender/edit/", {**form, "version": version})
    assert Sender.objects.get().version == version


def test_a_server_that_is_not_there_is_told_in_words(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    Sender.objects.update(smtp_port=1)
    answer = client_of(manager).post("/c/acme/settings/sender/test/", follow=True)
    assert "cannot be reached" in answer.content.decode()


def test_allowed_recipients_come_and_go(scene: dict[str, int], client_of: Sign, manager: Any) -> None:
    client, address = client_of(manager), "/c/acme/settings/sender/recipients/"
    assert client.post(address, {"pattern": "a, b"}).status_code == 422
    assert client.post(address, {"pattern": "@Ours.Example"}).status_code == 303
    assert client.post(address, {"pattern": "@ours.example"}).status_code == 303
    assert list(AllowedRecipient.objects.values_list("pattern", flat=True)) == ["@ours.example"]
    client.post(f"{address}removal/", {"pattern": "@ours.example"})
    client.post(f"{address}removal/", {"pattern": "@ours.example"})
    assert not AllowedRecipient.objects.exists()


# ---------------------------------------------------------------------------------------------- lock


def test_sending_is_locked_and_unlocked_once(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    client = client_of(clerk)
    assert client.post("/c/acme/settings/sending/lock/", {"note": " "}).status_code == 422
    for _ in range(2):
        assert client.post("/c/acme/settings/sending/lock/", {"note": "Wrong texts"}).status_code == 303
    assert SendLock.objects.count() == 1
    page = client.get("/c/acme/settings/sending/").content.decode()
    assert "Wrong texts" in page
    assert clerk.name in page
    for _ in range(2):
        assert client.post("/c/acme/settings/sending/unlock/").status_code == 303
    assert SendUnlock.objects.count() == 1


# --------------------------------------------------------------------------------------------- texts


def test_a_text_is_saved_as_a_new_version_and_an_old_one_brought_back(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client, address = client_of(manager), "/c/acme/settings/texts/notice1.business/de/"
    assert client.post(f"{address}saved/", {**WORDING, "version": 1}).status_code == 303
    old = client.get(f"{address}?version=1")
    assert "does not go out" in old.content.decode()
    form = {name: old.context["form"][name].value() for name in (*WORDING, "version")}
    assert form["version"] == 2
    client.post(f"{address}saved/", form)
    versions = Text.objects.filter(key="notice1.business", language="de").order_by("version")
    assert [one.version for one in versions] == [1, 2, 3]
    assert versions[0].subject.strip() == versions[2].subject.strip()
    assert [one.made_by_label for one in versions] == ["tests", "manager-acme", "manager-acme"]


@pytest.mark.parametrize(
    ("field", "source", "said"),
    [
        ("mail", "Hallo\n  {{ customer.secret }}", "Line 2, column 6"),
        ("mail", "{% include 'x' %}", "no such tag"),
        ("opening", "{{ notice.total | pluralise }}", "no such filter"),
        ("closing", "{% if notice.count %}", "not understood"),
        ("subject", "", "required"),
        ("mail", "x" * 20_001, ""),
    ],
)
def test_s18_what_could_not_be_filled_is_refused_at_saving(
    scene: dict[str, int], client_of: Sign, manager: Any, field: str, source: str, said: str
) -> None:
    answer = client_of(manager).post(
        "/c/acme/settings/texts/notice1.business/de/saved/", {**WORDING, "version": 1, field: source}
    )
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert answer.context["form"][field].value() == source
    assert Text.objects.filter(key="notice1.business", language="de").count() == 1


def test_h12_a_stale_text_is_kept_and_saved_at_the_second_try(
    scene: dict[str, int], client_of: Sign, manager: Any
) -> None:
    client, address = client_of(manager), "/c/acme/settings/texts/notice1.business/de/saved/"
    client.post(address, {**WORDING, "version": 1})
    mine = {**WORDING, "mail": "Meine Fassung", "version": 1}
    stale = client.post(address, mine)
    assert stale.status_code == 409
    assert stale.context["form"]["mail"].value() == "Meine Fassung"
    assert client.post(address, {**mine, "version": 2}).status_code == 303
    assert client.post(address, {**mine, "version": 2}).status_code == 303  # the same once more: nothing new
    assert Text.objects.filter(key="notice1.business", language="de").count() == 3


def test_the_preview_fills_or_says_what_is_wrong(
    scene: dict[str, int], client_of: Sign, auditor: Any
) -> None:
    client, address = client_of(auditor), "/c/acme/settings/texts/notice1.business/de/preview/"
    assert "Bitte zahlen Sie 1" in client.post(address, WORDING).content.decode()
    wrong = client.post(address, {**WORDING, "mail": "{{ nobody }}"}).content.decode()
    assert "no such variable" in wrong
    evil = client.post(address, {**WORDING, "opening": "<script>alert(1)</script>"}).content.decode()
    assert "<script>" not in evil
    assert Text.objects.filter(key="notice1.business", language="de").count() == 1


def test_a_loop_without_end_is_stopped_in_the_preview(
    scene: dict[str, int], client_of: Sign, auditor: Any
) -> None:
    nested = "{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}"
    answer = client_of(auditor).post(
        "/c/acme/settings/texts/notice1.business/de/preview/", {**WORDING, "mail": nested}
    )
    assert answer.status_code == 200
    assert "cannot be filled" in answer.content.decode()


def test_pages_speak_german(scene: dict[str, int], client_of: Sign, manager: Any) -> None:
    client = client_of(manager)
    client.post("/language/", {"language": "de", "next": "/"})
    assert "Zustellungen" in client.get("/c/acme/deliveries/").content.decode()
    assert "Erste Mahnung an Unternehmen" in client.get("/c/acme/settings/texts/").content.decode()
    assert "Alles ist da" in client.get("/c/acme/settings/sender/").content.decode()


def test_a_mail_with_markup_in_its_text_is_shown_as_text(
    scene: dict[str, int], client_of: Sign, clerk: Any
) -> None:
    from debitora.messaging.rules.reading import read_mail

    mail = EmailMessage()
    mail["Subject"] = "<i>x</i>"
    mail.set_content("<script>alert(1)</script>")
    assert read_mail(mail.as_bytes()).text.startswith("<script>")
