"""The one mail of a day that tells a salesperson which of her customers wait for her word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from debitora.dunning.actions.mail_of_a_day import DidNotGo, once_a_day
from debitora.dunning.models import SalesMail
from debitora.dunning.queries.sales_list import (
    QuestionFilters,
    QuestionRow,
    questions_page,
    questions_waiting,
)
from debitora.dunning.templatetags.sales_words import step_words
from debitora.messaging.actions.telling import mail_person
from debitora.people.models import Company, User
from debitora.people.queries import away
from debitora.people.rules import stood_for
from debitora.receivables.rules.items import Scope
from debitora.values.locales import format_date, format_money

MOST_LINES: Final = 50
"""So many customers stand in a mail; that there are more is said, and the page has them all."""


def tell_sales(*, company: Company, user: int, on: date, page: str, at: datetime) -> bool:
    """Mail a salesperson all that waits for her, once a day; `page` is where she answers. Returns whether a mail went.

    The day is kept in the same transaction: of two at once the second waits and finds it taken, and what fails leaves it
    free for the next round. Raises kit.smtp.NotTaken, PasswordLost.
    """
    return once_a_day(lambda: _tell(company, user, on, page, at))


def _tell(company: Company, user: int, on: date, page: str, at: datetime) -> bool:
    scope = Scope((user, *stood_for(user, away(on=on))))
    waiting = questions_waiting(on=on, scope=scope)
    if not waiting:
        return False
    SalesMail.objects.create(company=company, user_id=user, on=on, questions=waiting, told_at=at)
    person = User.objects.get(id=user)
    shown = questions_page(filters=QuestionFilters(), on=on, size=MOST_LINES, scope=scope).rows
    with override(person.language):
        subject = ngettext(
            "%(count)d of your customers is due", "%(count)d of your customers are due", waiting
        ) % {"count": waiting}
        lines = list(_lines(company, shown, waiting, page))
    if not person.is_active or not mail_person(
        company=company, address=person.email, subject=subject, lines=lines, at=at
    ):
        raise DidNotGo
    return True


def _lines(company: Company, shown: Sequence[QuestionRow], waiting: int, page: str) -> Iterator[str]:
    yield _("Before these customers of %(company)s get a notice, you are asked.") % {"company": company.name}
    yield _("Release it, or stop it until a day, here: %(page)s") % {"page": page}
    for row in shown:
        yield ""
        yield from _about(row)
    if waiting > len(shown):
        yield ""
        yield _("And %(count)d more.") % {"count": waiting - len(shown)}


def _about(row: QuestionRow) -> Iterator[str]:
    language = get_language() or "en"
    yield f"{row.customer_name} ({row.customer_number})"
    facts = {
        "sum": format_money(row.open, language),
        "due": format_date(row.due_on, language),
        "step": step_words(row),
        "until": format_date(row.until_on, language),
    }
    yield _("%(sum)s, the oldest due since %(due)s. Step %(step)s.") % facts
    if row.silence == "release":
        yield _("Answer until %(until)s; after that it goes by itself.") % facts
    else:
        yield _("Answer until %(until)s; without your word nothing goes.") % facts
