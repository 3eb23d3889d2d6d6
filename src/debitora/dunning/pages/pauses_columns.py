"""The columns of the list of pauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from debitora.dunning.queries.pauses_list import ListedPause
from debitora.dunning.templatetags.dunning import CHANNELS
from debitora.dunning.templatetags.strategy_words import rule_words
from debitora.kit.cells import addresses_of, status
from debitora.kit.columns import Column, labelled
from debitora.kit.templatetags.debitora import moment
from debitora.values.locales import format_date

FIRST: Final = "customers"
SHOWN: Final = ("customers", "state", "closed", "instead", "first", "last", "reason", "placed", "lift")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "customers",
    "state",
    "closed",
    "instead",
    "first",
    "last",
    "reason",
    "placed",
    "by",
    "lifted",
    "lifter",
)
"""What a file holds without being asked."""
_MARKS: Final = {"running": "hold", "coming": "open", "ended": "done", "lifted": "neutral"}


def state_words() -> Mapping[str, str]:
    """How a pause stands."""
    return {
        "running": _("in force"),
        "coming": _("to come"),
        "ended": _("ended"),
        "lifted": _("lifted"),
    }


def pauses_columns(
    *, on: date, people: Mapping[int, str], named: Callable[[str], str], token: str
) -> dict[str, Column[ListedPause]]:
    """Every column by its name, judged on the day; `token` lets a form of the list be sent, empty where nobody may lift."""
    language, states = get_language() or "en", state_words()
    lift = addresses_of("dunning:pause_lifted")

    def day(value: date) -> str:
        return format_date(value, language)

    def whom(row: ListedPause) -> str:
        return rule_words(row.group, people)

    def button(row: ListedPause) -> str:
        if not token or row.state(on=on) not in ("running", "coming"):
            return ""
        return format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="btn btn-small" aria-label="{}">{}</button></form>',
            lift(row.id), token, _("Lift the pause for %(words)s") % {"words": whom(row)}, _("Lift"),
        )  # fmt: skip

    known = {
        "customers": Column(_("Customers"), whom, whom, "strong", "", "data-title"),
        "state": Column(
            _("State"), lambda row: states[row.state(on=on)],
            lambda row: status(_MARKS[row.state(on=on)], states[row.state(on=on)]), "", "", labelled(),
        ),
        "closed": Column(_("Closed"), closed_words, closed_words, "", "", labelled(_("Closed"))),
        "instead": Column(_("Instead"), instead_words, instead_words, "", "", labelled(_("Instead"))),
        "first": Column(
            _("First day"), lambda row: row.from_on, lambda row: day(row.from_on), "date", "first", labelled(_("First day"))
        ),
        "last": Column(
            _("Last day"), lambda row: row.until_on, lambda row: day(row.until_on), "date", "last", labelled(_("Last day"))
        ),
        "days": Column(_("Days"), _days, _days, "num"),
        "reason": Column(_("Reason"), lambda row: row.reason, lambda row: row.reason, "", "", "data-wide"),
        "placed": Column(
            _("Placed"), lambda row: row.placed_at,
            lambda row: f"{moment(row.placed_at)}, {named(row.placed_by)}", "low", "placed",
        ),
        "by": Column(_("Placed by"), lambda row: named(row.placed_by), lambda row: named(row.placed_by), "low"),
        "lifted": Column(
            _("lifted"), lambda row: row.lifted_at, _lifted, "low"
        ),
        "lifter": Column(_("Lifted by"), _lifter(named), _lifter(named), "low"),
        "lift": Column(_("Change"), lambda row: "", button, "", "", "data-wide"),
    }  # fmt: skip
    return known if token else {name: column for name, column in known.items() if name != "lift"}


def closed_words(row: ListedPause) -> str:
    """Which way is closed."""
    return str(CHANNELS[row.channel]) if row.channel else _("every way")


def instead_words(row: ListedPause) -> str:
    """The way in its place."""
    return str(CHANNELS[row.instead]) if row.instead else _("nothing")


def _lifted(row: ListedPause) -> str:
    return moment(row.lifted_at) if row.lifted_at else ""


def _days(row: ListedPause) -> str:
    number = (row.until_on - row.from_on).days + 1
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def _lifter(named: Callable[[str], str]) -> Callable[[ListedPause], str]:
    return lambda row: named(row.lifted_by) if row.lifted_by else ""
