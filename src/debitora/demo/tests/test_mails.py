"""What customers of the demo write lies where a clerk would look for it."""

from debitora.demo.mails import customers_write
from debitora.disputes.queries.belonging import suggestions
from debitora.disputes.queries.inbox import InboxFilters, inbox_page
from debitora.disputes.testing import MOMENT, a_case
from debitora.messaging.models import IncomingMail
from debitora.messaging.queries.incoming import letter_of
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import system

BY = system("demo")


def test_two_mails_wait_and_a_machines_does_not(company: Company) -> None:
    payer = a_customer(company.id, "1", name="Payer", email="office@payer.example")
    an_open_item(company.id, payer, number="R-11", minor=50_000)
    case = a_case(
        company, [an_open_item(company.id, a_customer(company.id, "2", name="Doubter"), number="R-21")]
    )
    assert customers_write(company, by=BY, at=MOMENT) == 3
    stranger, known = inbox_page(filters=InboxFilters()).rows
    assert (known.customer_name, known.subject, known.why) == ("Payer", "Zahlung R-11", "known")
    assert stranger.why == "unknown"
    said = letter_of(mail=IncomingMail.objects.get(id=stranger.id)).text
    assert [list(one.cases) for one in suggestions(text=said, sender=None)] == [[case.id]]
    assert IncomingMail.objects.filter(state="automatic").count() == 1


def test_where_nobody_owes_anything_nobody_writes(company: Company) -> None:
    assert customers_write(company, by=BY, at=MOMENT) == 0
