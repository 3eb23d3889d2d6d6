"""The inbox over HTTP: a mail is found, read, placed by hand, put back, discarded; its files leave as files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from debitora.disputes.models import Case
from debitora.disputes.testing import MOMENT, a_case
from debitora.disputes.tests.test_replies import a_mail
from debitora.documents.actions import store_bytes
from debitora.kit.runtime import clock_at
from debitora.messaging.models import IncomingMail
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record

ClientOf = Callable[[User], Client]
INBOX = "/c/acme/clarification/inbox/"


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


@pytest.fixture
def case(company: Company, sales: User) -> Case:
    customer = a_customer(company.id, name="Miller Ltd", salesperson_id=sales.id)
    return a_case(company, [an_open_item(company.id, customer, number="R-1")])


def waiting(company: Company, subject: str = "About an invoice", state: str = "other") -> IncomingMail:
    data = a_mail(sender="x@elsewhere.example", subject=subject, files=(('a"/b.pdf', b"%PDF"),))
    return IncomingMail.objects.create(
        company=company,
        sha256=hashlib.sha256(data).hexdigest(),
        name="1.eml",
        size=len(data),
        state=state,
        document=store_bytes(company=company.id, data=data, media_type="message/rfc822", at=MOMENT),
        sender="x@elsewhere.example",
        subject=subject,
        words="The price list",
        taken_at=MOMENT,
        sorted_at=MOMENT,
    )


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_mail_is_placed_put_back_and_discarded(
    company: Company, case: Case, client_of: ClientOf, clerk: User, sales: User
) -> None:
    office = client_of(clerk)
    assert "Nothing waits here" in text(office, INBOX)
    mail = waiting(company)
    page = f"{INBOX}{mail.id}/"
    assert "About an invoice" in text(office, INBOX)
    assert "The price list of May counts." in text(office, page)
    empty = office.post(f"{page}placing/", {})
    assert (empty.status_code, "Give the number of a case" in empty.content.decode()) == (422, True)
    wrong = office.post(f"{page}placing/", {"case": str(case.id + 1)})
    assert "There is no case of this number." in wrong.content.decode()
    assert office.post(f"{page}placing/", {"case": str(case.id)}).status_code == 303
    assert "Nothing waits here" in text(office, INBOX)
    again = office.post(f"{page}placing/", {"customer": "10001"}, follow=True).content.decode()
    assert "Somebody has placed or discarded that mail meanwhile." in again
    seen = f"/c/acme/clarification/{case.id}/"
    assert "The price list of May counts." in text(client_of(sales), seen)
    file = client_of(sales).get(f"{seen}mails/{mail.id}/files/1/")
    assert (file.content, file.headers["Content-Type"]) == (b"%PDF", "application/octet-stream")
    assert file.headers["Content-Disposition"] == 'attachment; filename="b.pdf"'
    assert text(client_of(sales), f"{seen}mails/{mail.id}/files/2/", 404)
    assert office.post(f"{page}return/").status_code == 303
    assert text(client_of(sales), f"{seen}mails/{mail.id}/files/1/", 404)
    assert "waits in the inbox already" in office.post(f"{page}return/", follow=True).content.decode()
    assert office.post(f"{page}discarding/", {}).status_code == 422
    assert office.post(f"{page}discarding/", {"note": "Advertising"}).status_code == 303
    assert "About an invoice" in text(office, f"{INBOX}?state=discarded")
    assert [one.verb for one in Record.objects.filter(verb__startswith="mail.").order_by("id")] == [
        "mail.placed",
        "mail.returned",
        "mail.discarded",
    ]


def test_the_inbox_is_searched_sorted_and_exported(
    company: Company, client_of: ClientOf, clerk: User
) -> None:
    office = client_of(clerk)
    waiting(company, "One"), waiting(company, "Two")
    assert "One" not in text(office, f"{INBOX}?text=two")
    assert "No mail fits these filters" in text(office, f"{INBOX}?text=100%25")
    assert "No mail fits these filters" in text(office, f"{INBOX}?why=foreign")
    for sort in ("taken", "-taken", "sender", "nonsense"):
        assert "Two" in text(office, f"{INBOX}?sort={sort}&after=nonsense")
    file = b"".join(office.get(f"{INBOX}export/csv/").streaming_content).decode()
    assert "One" in file
    assert text(office, f"{INBOX}export/pdf/", 404)


def test_columns_can_be_chosen_and_the_sender_stays(
    company: Company, client_of: ClientOf, clerk: User
) -> None:
    office = client_of(clerk)
    mail = waiting(company, "One")
    page = text(office, f"{INBOX}?column=why&column=subject")
    assert page.count("<th scope=") == 3
    assert mail.sender in page
    file = b"".join(office.get(f"{INBOX}export/csv/?column=subject").streaming_content).decode()
    assert file.lstrip("\ufeff").splitlines()[0] == "Sender,Subject"


def test_what_a_machine_wrote_is_no_mail_of_the_inbox(
    company: Company, client_of: ClientOf, clerk: User
) -> None:
    mail = waiting(company, state="automatic")
    assert text(client_of(clerk), f"{INBOX}{mail.id}/", 404)


def test_sales_sees_no_inbox(company: Company, client_of: ClientOf, sales: User) -> None:
    mail = waiting(company)
    for path in ("", f"{mail.id}/", f"{mail.id}/files/1/"):
        assert text(client_of(sales), INBOX + path, 403)
