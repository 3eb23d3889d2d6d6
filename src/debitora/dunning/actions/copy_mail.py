"""The one mail of a day that tells a salesperson which notices to her customers have left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from debitora.dunning.actions.mail_of_a_day import DidNotGo, once_a_day
from debitora.dunning.models import CopyMail
from debitora.dunning.queries.copies import Copied, copies_waiting
from debitora.dunning.templatetags.sales_words import step_words
from debitora.messaging.actions.telling import mail_person
from debitora.people.models import Company, User
from debitora.values.locales import format_money

MOST_LINES: Final = 50
"""So many notices stand in a mail; how many more there are is said."""


def tell_copies(*, company: Company, user: int, on: date, pages: str, at: datetime) -> bool:
    """Mail a salesperson the notices that have left since her last mail, once a day; returns whether a mail went.

    `pages` is the address under which a notice stands by its id. What left later stands in the mail of the next day. The day
    is kept in the same transaction: of two at once the second waits and finds it taken. Raises kit.smtp.NotTaken, PasswordLost.
    """
    return once_a_day(lambda: _tell(company, user, on, pages, at))


def _tell(company: Company, user: int, on: date, pages: str, at: datetime) -> bool:
    found = copies_waiting(on=on, user=user).get(user, [])
    if not found:
        return False
    told = [one.notice for one in found]
    CopyMail.objects.create(company=company, user_id=user, on=on, notices=told, told_at=at)
    person = User.objects.get(id=user)
    with override(person.language):
        subject = ngettext(
            "%(count)d notice went to your customers", "%(count)d notices went to your customers", len(found)
        ) % {"count": len(found)}
        lines = list(_lines(company, found, pages))
    if not mail_person(company=company, address=person.email, subject=subject, lines=lines, at=at):
        raise DidNotGo
    return True


def _lines(company: Company, found: Sequence[Copied], pages: str) -> Iterator[str]:
    language = get_language() or "en"
    yield _("%(company)s has reminded these customers of yours:") % {"company": company.name}
    for one in found[:MOST_LINES]:
        yield ""
        yield f"{one.customer_name} ({one.customer_number})"
        yield _("%(sum)s, step %(step)s.") % {
            "sum": format_money(one.total, language),
            "step": step_words(one),
        }
        yield f"{pages}{one.notice}/"
    if len(found) > MOST_LINES:
        yield ""
        yield _("And %(count)d more.") % {"count": len(found) - MOST_LINES}
