"""What a digest says: the figures of a day in words, in the language that is active."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.desk.queries.digest import FRESH, Figures, Owing, Total, Waiting
from debitora.messaging.queries.own_mails import Chooser, stop_mark
from debitora.messaging.rules.person_mail import Line, Part, PersonLetter
from debitora.people.models import Company
from debitora.values.locales import format_date, format_money, format_number
from debitora.values.money import Money

_OTHERS: Final = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is told on a day: `seen` is all that she may see, `own` what is with her own customers, if anything.

    `narrowed`: she sees only her own customers, so that both are the same. `base` is the address of the company's pages.
    """

    company: Company
    base: str
    on: date
    person: Chooser
    seen: Figures
    own: Figures | None
    cases: tuple[Waiting, ...]
    narrowed: bool


def digest_letter(told: Told) -> PersonLetter:
    """The whole digest, in the parts that the person chose."""
    day = _day(told, told.on)
    overdue = _overdue(told)
    subject = (
        _("%(sum)s overdue on %(day)s") % {"sum": overdue, "day": day}
        if overdue
        else _("Nothing overdue on %(day)s") % {"day": day}
    )
    makers = {"totals": _totals, "top": _top, "customers": _customers, "cases": _cases}
    parts = [part for name, make in makers.items() if name in told.person.choice.parts for part in make(told)]
    mark = stop_mark(company=told.company.id, user=told.person.user, kind="digest")
    return PersonLetter(
        language=told.person.language,
        company=told.company.name,
        subject=f"{told.company.name}: {subject}",
        lead=subject,
        parts=tuple(parts),
        go=(_("Open Debitora"), f"{told.base}/"),
        stop=(
            _("You get this digest because you chose it."),
            _("Stop the digest"),
            f"{told.base}/own-mails/stop/{mark}/",
        ),
        choose=(_("Choose what comes"), f"{told.base}/own-mails/"),
    )


def _overdue(told: Told) -> str:
    """The overdue sum of the company's currency, or of the largest other one; "" if nothing is overdue."""
    late = [one for one in _main_first(told, told.seen.totals) if one.overdue_minor]
    return _money(told, late[0].overdue_minor, late[0].currency) if late else ""


def _totals(told: Told) -> Iterator[Part]:
    lines = [line for one in _main_first(told, told.seen.totals) for line in _total(told, one)]
    title = _("My customers' open items") if told.narrowed else _("Open items")
    yield Part(title, tuple(lines), note="" if lines else _("Nothing is open."), large=True)


def _total(told: Told, one: Total) -> Iterator[Line]:
    before = told.person.figures.get(one.currency) if told.person.last_on else None
    items = ngettext("%(count)s item", "%(count)s items", one.overdue_items) % {
        "count": format_number(one.overdue_items, told.person.language)
    }
    changes = (
        ("", "")
        if before is None
        else (
            _change(told, one.open_minor - before[0], one.currency),
            _change(told, one.overdue_minor - before[1], one.currency),
        )
    )
    yield Line(
        _("Open"),
        _money(told, one.open_minor, one.currency),
        aside=changes[0],
        url=f"{told.base}/items/?state=open&currency={one.currency}",
    )
    yield Line(
        _("Overdue"),
        _money(told, one.overdue_minor, one.currency),
        aside=", ".join(filter(None, (items, changes[1]))),
        url=f"{told.base}/items/?state=overdue&currency={one.currency}",
    )
    yield from _fresh(told, one.currency)


def _fresh(told: Told, currency: str) -> Iterator[Line]:
    """What became overdue since the last digest; before the first, within a week."""
    since = max(told.person.last_on or date.min, date.fromordinal(told.on.toordinal() - FRESH.days + 1))
    fresh = [one for one in told.seen.fresh if one.currency == currency and one.due_on >= since]
    if fresh:
        count = sum(one.items for one in fresh)
        yield Line(
            _("Newly overdue since %(day)s") % {"day": _day(told, since)},
            _money(told, sum(one.minor for one in fresh), currency),
            aside=ngettext("%(count)s item", "%(count)s items", count)
            % {"count": format_number(count, told.person.language)},
        )


def _change(told: Told, minor: int, currency: str) -> str:
    """How a sum changed since the last digest."""
    since = {"day": _day(told, told.person.last_on or told.on)}
    if not minor:
        return _("unchanged since %(day)s") % since
    change = {**since, "sum": _money(told, abs(minor), currency)}
    return _("%(sum)s more since %(day)s") % change if minor > 0 else _("%(sum)s less since %(day)s") % change


def _top(told: Told) -> Iterator[Part]:
    if not told.narrowed and told.seen.owing:
        yield Part(_("Most overdue in the company"), tuple(_owing(told, told.seen.owing)))


def _customers(told: Told) -> Iterator[Part]:
    """Her own customers; who has none is told nothing of them."""
    if told.own is not None:
        lines = tuple(_owing(told, told.own.owing))
        yield Part(
            _("My customers"), lines, note="" if lines else _("None of your customers owes anything overdue.")
        )


def _owing(told: Told, owing: Sequence[Owing]) -> Iterator[Line]:
    """Those in the company's currency first; of every other one a few, so that the mail stays short."""
    main = [one for one in owing if one.currency == told.company.currency]
    others = groupby(
        (one for one in owing if one.currency != told.company.currency), lambda one: one.currency
    )
    few = [one for _currency, found in others for one in list(found)[:_OTHERS]]
    for one in (*main, *few):
        since = {
            "count": format_number(one.items, told.person.language),
            "day": _day(told, one.due_on),
        }
        yield Line(
            one.name,
            _money(told, one.minor, one.currency),
            aside=ngettext(
                "%(count)s item, due since %(day)s",
                "%(count)s items, the oldest due since %(day)s",
                one.items,
            )
            % since,
            url=f"{told.base}/customers/{one.customer}/",
        )


def _cases(told: Told) -> Iterator[Part]:
    if not told.cases:
        yield Part(_("My cases"), note=_("No case waits for your answer."))
        return
    lines = [
        Line(
            one.name,
            _money(told, one.minor, one.currency),
            aside=(_("answer overdue since %(day)s") if one.due_on < told.on else _("answer until %(day)s"))
            % {"day": _day(told, one.due_on)},
            url=f"{told.base}/clarification/{one.case}/",
            alarm=one.due_on < told.on,
        )
        for one in told.cases
    ]
    more = told.cases[0].cases - len(lines)
    yield Part(_("My cases"), tuple(lines), note=_("And %(count)d more.") % {"count": more} if more else "")


def _main_first(told: Told, totals: Sequence[Total]) -> list[Total]:
    return sorted(totals, key=lambda one: (one.currency != told.company.currency, -one.overdue_minor))


def _money(told: Told, minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), told.person.language)


def _day(told: Told, day: date) -> str:
    return format_date(day, told.person.language)
