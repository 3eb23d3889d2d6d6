"""The question about copies of invoices: silent over what a release froze, loud over what was written by other means."""

from __future__ import annotations

import pytest
from django.db import connection

from debitora.cli.checks.questions import questions
from debitora.documents.actions import store_bytes
from debitora.dunning.models import Notice, NoticeEnclosure
from debitora.dunning.testing import MOMENT, a_late_payer, a_ready_company, a_released_run, copies_go_along
from debitora.people.models import Company
from debitora.receivables.models import Item
from debitora.receivables.testing import an_open_item, copies_kept


def broken(company: Company) -> list[str]:
    question = next(one for one in questions() if one.name == "I23_enclosures")
    with connection.cursor() as cursor:
        cursor.execute(question.broken, {"company": company.id})
        return [str(difference) for _object, _customer, difference in cursor.fetchall()]


@pytest.fixture
def sent(company: Company) -> Notice:
    a_ready_company(company)
    copies_go_along(company)
    copies_kept(
        Item.objects.get(customer_id=a_late_payer(company, street="Weg 1", postcode="10115", city="Berlin")),
        "one",
    )
    a_released_run(company)
    return Notice.objects.get()


def test_what_a_release_froze_is_whole(company: Company, sent: Notice) -> None:
    assert NoticeEnclosure.objects.filter(notice=sent).count() == 1
    assert broken(company) == []


def test_other_bytes_are_named(company: Company, sent: Notice) -> None:
    [frozen] = NoticeEnclosure.objects.all()
    [again] = copies_kept(Item.objects.get(id=frozen.document.item_id), "two")
    other = store_bytes(company=company.id, data=b"%PDF-other", media_type="application/pdf", at=MOMENT)
    NoticeEnclosure.objects.create(
        company=company, notice=sent, document=again, blob=other, place=2, sent=True
    )
    assert any("other bytes" in one for one in broken(company))


def test_a_copy_of_what_is_not_asked_for_is_named(company: Company, sent: Notice) -> None:
    [document] = copies_kept(an_open_item(company.id, sent.customer_id, number="R-9"), "nine")
    NoticeEnclosure.objects.create(
        company=company, notice=sent, document=document, blob_id=document.blob_id, place=2, sent=True
    )
    assert any("does not ask for" in one for one in broken(company))
