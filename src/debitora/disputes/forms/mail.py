"""The mail to whoever answers a case: the facts, the ways to answer, as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from debitora.disputes.actions.telling import CaseLetter, CaseWords
from debitora.disputes.forms.rule_words import reason_names
from debitora.disputes.forms.words import OUTCOMES
from debitora.values.locales import colon, format_date, format_money

_LEADS: Final[dict[str, Promise]] = {
    "opened": gettext_lazy("%(company)s asks you to clarify this."),
    "assigned": gettext_lazy("%(company)s asks you to clarify this: it was put to you."),
    "moved": gettext_lazy("This case of %(company)s has another last day for your answer."),
    "reopened": gettext_lazy("%(company)s has opened this case again and asks you once more."),
    "reminded": gettext_lazy("%(company)s still waits for your answer."),
    "escalated": gettext_lazy("Nobody has answered this case of %(company)s in time: it was put to you."),
}
MOST_ITEMS: Final = 12
"""A mail lists so many items; the page has them all."""


def case_mail(letter: CaseLetter, *, base: str) -> CaseWords:
    """What the mail says, in the language of whom it goes to; `base` is the address of the installation."""
    with override(letter.person.language):
        told = _told(letter, base)
        html = render_to_string("disputes/mail/case.html", told)
        return CaseWords(_subject(letter), list(_lines(told)), html)


def _subject(letter: CaseLetter) -> str:
    row, language = letter.sheet.row, letter.person.language
    facts = {
        "case": row.id,
        "reason": _reason(letter),
        "customer": row.customer_name,
        "until": format_date(row.due_on, language),
    }
    return _("[Case %(case)s] %(reason)s: %(customer)s, answer until %(until)s") % facts


def _reason(letter: CaseLetter) -> str:
    """What the company calls it."""
    return reason_names(letter.routing)[letter.sheet.row.reason]


def _told(letter: CaseLetter, base: str) -> dict[str, Any]:
    """Everything that stands in the mail, in words."""
    row, language, company = letter.sheet.row, letter.person.language, letter.company
    page = f"{base}/c/{company.code}/answer/{letter.mark}/"
    ends = company.day_at(letter.until)
    facts = [
        (_("Customer"), f"{row.customer_name} ({row.customer_number})"),
        (_("Reason"), _reason(letter)),
        (_("Disputed"), format_money(letter.sheet.disputed, language)),
        (_("Answer until"), format_date(row.due_on, language)),
        (_("Asked by"), letter.asker),
        (_("In place of"), letter.in_place_of),
    ]
    return {
        "language": language,
        "title": _("Case %(case)s") % {"case": row.id},
        "lead": str(_LEADS.get(letter.kind, _LEADS["opened"])) % {"company": company.name},
        "facts": [fact for fact in facts if fact[1]],
        "colon": colon(language),
        "question": letter.sheet.question,
        "items": list(_items(letter)),
        "page": page,
        "outcomes": [(str(word), f"{page}?outcome={code}") for code, word in OUTCOMES.items()],
        "foot": _("The links are for you alone and ask for no password: do not pass this mail on. They end on %(day)s, and when the case is clarified or put to somebody else.")
        % {"day": format_date(ends, language)},
    }  # fmt: skip


def _items(letter: CaseLetter) -> Iterator[str]:
    language, items = letter.person.language, letter.sheet.items
    for item in items[:MOST_ITEMS]:
        yield _("%(number)s, due %(due)s: %(disputed)s disputed, %(open)s open") % {
            "number": item.number,
            "due": format_date(item.due_on, language),
            "disputed": format_money(item.disputed, language),
            "open": format_money(item.open, language),
        }
    if len(items) > MOST_ITEMS:
        yield _("And %(count)d more.") % {"count": len(items) - MOST_ITEMS}


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield told["lead"]
    yield ""
    yield from (f"{name}{told['colon']} {value}" for name, value in told["facts"])
    yield ""
    yield from told["question"].splitlines()
    yield ""
    yield from told["items"]
    yield ""
    yield _("Answer here, without signing in:")
    yield told["page"]
    for word, address in told["outcomes"]:
        yield ""
        yield f"- {word}"
        yield f"  {address}"
    yield ""
    yield told["foot"]
