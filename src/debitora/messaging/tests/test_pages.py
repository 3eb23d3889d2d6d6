"""Pages of messaging: who may see them, what they do, and what they say to wrong input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from debitora.kit import store
from debitora.kit.pg.company import serving
from debitora.messaging.actions import lock_sending
from debitora.messaging.models import Attempt, Intent
from debitora.messaging.testing import MOMENT, TESTS, a_queued_mail
from debitora.people.models import Company
from debitora.receivables.actions import park_customer, place_hold
from debitora.receivables.testing import ON, a_customer

Sign = Callable[[Any], Client]
GETS = {
    "/deliveries/": ("clerk", "manager", "auditor"),
    "/deliveries/letters/": ("clerk", "manager", "auditor"),
    "/deliveries/{mail}/": ("clerk", "manager", "auditor"),
    "/deliveries/{mail}/letter.pdf": ("clerk", "manager", "auditor"),
    "/deliveries/{mail}/mail.eml": ("clerk", "manager", "auditor"),
    "/customers/{customer}/deliveries/": ("clerk", "manager", "auditor"),
    "/settings/sender/": ("manager", "auditor"),
    "/settings/sender/edit/": ("manager",),
    "/settings/sending/": ("clerk", "manager", "auditor"),
    "/settings/texts/": ("manager", "auditor"),
    "/settings/texts/notice1.business/de/": ("manager", "auditor"),
}
POSTS = {
    "/deliveries/letters/printed/": ("clerk", "manager"),
    "/deliveries/{mail}/settlement/": ("clerk", "manager"),
    "/deliveries/{mail}/cancellation/": ("clerk", "manager"),
    "/settings/sender/edit/": ("manager",),
    "/settings/sender/test/": ("manager",),
    "/settings/sender/recipients/": ("manager",),
    "/settings/sender/recipients/removal/": ("manager",),
    "/settings/sending/lock/": ("clerk", "manager"),
    "/settings/sending/unlock/": ("clerk", "manager"),
    "/settings/texts/notice1.business/de/saved/": ("manager",),
    "/settings/texts/notice1.business/de/preview/": ("manager", "auditor"),
}


def at(path: str, scene: dict[str, int]) -> str:
    return "/c/acme" + path.format(**scene)


def uncertain(intent: int) -> None:
    Intent.objects.filter(id=intent).update(state="uncertain")


# ------------------------------------------------------------------------------------------ who may


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("role", ["clerk", "manager", "sales", "auditor"])
def test_pages_open_for_their_roles_only(
    scene: dict[str, int], client_of: Sign, request: pytest.FixtureRequest, path: str, role: str
) -> None:
    answer = client_of(request.getfixturevalue(role)).get(at(path, scene))
    assert answer.status_code == (200 if role in GETS[path] else 403)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("role", ["clerk", "manager", "sales", "auditor"])
def test_acts_are_refused_to_others(
    scene: dict[str, int], client_of: Sign, request: pytest.FixtureRequest, path: str, role: str
) -> None:
    answer = client_of(request.getfixturevalue(role)).post(at(path, scene))
    assert (answer.status_code == 403) == (role not in POSTS[path])


@pytest.mark.parametrize("path", ["/", "/letter.pdf", "/mail.eml", "/settlement/", "/cancellation/"])
def test_w01_another_companys_message_is_as_unknown_as_none(
    scene: dict[str, int], other_company: Company, client_of: Sign, manager: Any, path: str
) -> None:
    with serving(other_company.id):
        customer = a_customer(other_company.id, name="MARKER", email="m@marker.example")
        foreign = a_queued_mail(other_company.id, customer, subject=9).id
    client, send = client_of(manager), {"finding": "sent", "note": "x", "reason": "x"}
    ask = client.post if path.endswith(("ment/", "tion/")) else client.get
    there = ask(f"/c/acme/deliveries/{foreign}{path}", send)
    nowhere = ask(f"/c/acme/deliveries/99999999{path}", send)
    assert there.status_code == nowhere.status_code == 404
    assert b"MARKER" not in there.content


@pytest.mark.parametrize("key", ["nothing.business", "notice1.nobody", "notice1"])
def test_a_text_that_no_letter_uses_is_not_there(
    scene: dict[str, int], client_of: Sign, manager: Any, key: str
) -> None:
    assert client_of(manager).get(f"/c/acme/settings/texts/{key}/de/").status_code == 404
    assert client_of(manager).get("/c/acme/settings/texts/notice1.business/xx/").status_code == 404


# --------------------------------------------------------------------------------------- deliveries


def test_the_list_shows_narrows_and_finds(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    client = client_of(clerk)
    page = client.get("/c/acme/deliveries/").content.decode()
    assert "Wald &amp; Wiese &lt;b&gt;KG&lt;/b&gt;" in page
    assert "1 letter to print" in page
    for query, count in (
        ("channel=mail", 1),
        ("state=queued", 2),
        ("state=uncertain", 0),
        ("text=wiese", 2),
        ("text=10001", 2),
        ("text=BUCH@wald", 1),
        ("text=%00", 2),
        ("text=%25", 0),
        ("period=30", 2),
        ("period=nonsense&state=nonsense&before=nonsense", 2),
    ):
        assert len(client.get(f"/c/acme/deliveries/?{query}").context["rows"]) == count, query


def test_the_list_goes_on_where_it_ended(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    for subject in range(10, 70):
        a_queued_mail(_company(), scene["customer"], subject=subject)
    client = client_of(clerk)
    first = client.get("/c/acme/deliveries/")
    second = client.get("/c/acme/deliveries/" + first.context["more"])
    ids = [row["id"] for row in [*first.context["rows"], *second.context["rows"]]]
    assert len(ids) == len(set(ids)) == 62
    assert ids == sorted(ids, reverse=True)
    assert not second.context["more"]


def _company() -> int:
    return int(Intent.objects.values_list("company_id", flat=True)[0])


def test_a_delivery_shows_exactly_what_was_written(
    scene: dict[str, int], client_of: Sign, clerk: Any
) -> None:
    client = client_of(clerk)
    page = client.get(at("/deliveries/{mail}/", scene)).content.decode()
    assert "buch@wald.example" in page
    assert "ein Punkt am Zeilenanfang" in page
    eml = client.get(at("/deliveries/{mail}/mail.eml", scene))
    assert eml.headers["Content-Disposition"].startswith("attachment")
    assert b"Message-ID" in eml.content
    pdf = client.get(at("/deliveries/{mail}/letter.pdf", scene))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert client.get(at("/deliveries/{letter}/mail.eml", scene)).status_code == 404


def test_a_mail_whose_bytes_were_altered_is_said_to_be(
    scene: dict[str, int], client_of: Sign, clerk: Any
) -> None:
    body = Intent.objects.select_related("body").get(id=scene["mail"]).body
    assert body is not None
    place = store.place_of(company=body.company_id, digest=body.sha256)
    place.write_bytes(b"forged")
    try:
        page = client_of(clerk).get(at("/deliveries/{mail}/", scene)).content.decode()
        assert "missing, or was altered" in page
        assert "forged" not in page
        assert client_of(clerk).get(at("/deliveries/{mail}/mail.eml", scene)).status_code == 404
    finally:
        place.unlink()


def test_an_uncertain_mail_is_settled_once(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    uncertain(scene["mail"])
    client, address = client_of(clerk), at("/deliveries/{mail}/settlement/", scene)
    assert "Did it arrive?" in client.get(at("/deliveries/{mail}/", scene)).content.decode()
    wrong = client.post(address, {"finding": "sent", "note": ""})
    assert wrong.status_code == 422
    assert "note" in wrong.context["settling"].errors
    assert client.post(address, {"finding": "sent", "note": "She called"}).status_code == 303
    assert Intent.objects.get(id=scene["mail"]).state == "accepted"
    again = client.post(address, {"finding": "resend", "note": "twice"}, follow=True)
    assert "settled this already" in again.content.decode()
    assert Intent.objects.get(id=scene["mail"]).state == "accepted"


def test_a_waiting_mail_is_taken_back_once(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    client, address = client_of(clerk), at("/deliveries/{mail}/cancellation/", scene)
    assert "give a reason" in client.post(address, {"reason": " "}, follow=True).content.decode()
    assert client.post(address, {"reason": "Agreed by phone"}).status_code == 303
    assert Intent.objects.get(id=scene["mail"]).state == "cancelled"
    assert "too late" in client.post(address, {"reason": "again"}, follow=True).content.decode()
    assert Attempt.objects.filter(intent_id=scene["mail"], state="cancelled").count() == 1


def test_the_customers_sheet_shows_her_messages(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    piece = client_of(clerk).get(at("/customers/{customer}/deliveries/", scene)).content.decode()
    assert "Waiting" in piece
    assert "<html" not in piece
    assert client_of(clerk).get("/c/acme/customers/999999/deliveries/").status_code == 404


# ------------------------------------------------------------------------------------------- letters


def test_letters_are_printed_once(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    client, address = client_of(clerk), "/c/acme/deliveries/letters/printed/"
    said = client.post(address, {"chosen": [scene["letter"], "nonsense"]}, follow=True).content.decode()
    assert "1 letter is out of the house" in said
    assert Intent.objects.get(id=scene["letter"]).state == "printed"
    again = client.post(address, {"chosen": [scene["letter"]]}, follow=True).content.decode()
    assert "somebody was faster" in again
    assert Attempt.objects.filter(intent_id=scene["letter"], state="printed").count() == 1


def test_a_letter_whose_ground_has_gone_is_stopped(
    scene: dict[str, int], company: Company, client_of: Sign, clerk: Any
) -> None:
    place_hold(
        company=company.id,
        customer=scene["customer"],
        reason="clarification",
        from_on=ON,
        by=TESTS,
        at=MOMENT,
    )
    said = client_of(clerk).post(
        "/c/acme/deliveries/letters/printed/", {"chosen": scene["letter"]}, follow=True
    )
    assert "must not be posted any more" in said.content.decode()
    found = Intent.objects.get(id=scene["letter"])
    assert (found.state, found.stop_reason) == ("stopped", "held")


def test_a_letter_of_a_parked_customer_waits(
    scene: dict[str, int], company: Company, client_of: Sign, clerk: Any
) -> None:
    park_customer(company=company.id, customer=scene["customer"], reason="address", by=TESTS, at=MOMENT)
    client_of(clerk).post("/c/acme/deliveries/letters/printed/", {"chosen": scene["letter"]})
    assert Intent.objects.get(id=scene["letter"]).state == "queued"


def test_a_mail_cannot_be_marked_as_printed(scene: dict[str, int], client_of: Sign, clerk: Any) -> None:
    client_of(clerk).post("/c/acme/deliveries/letters/printed/", {"chosen": scene["mail"]})
    assert Intent.objects.get(id=scene["mail"]).state == "queued"


def test_no_letter_is_posted_while_sending_is_locked(
    scene: dict[str, int], company: Company, client_of: Sign, clerk: Any
) -> None:
    lock_sending(company=company.id, note="Wrong texts", by=TESTS, at=MOMENT)
    client = client_of(clerk)
    assert "Sending is locked" in client.get("/c/acme/deliveries/letters/").content.decode()
    client.post("/c/acme/deliveries/letters/printed/", {"chosen": scene["letter"]})
    assert Intent.objects.get(id=scene["letter"]).state == "queued"
