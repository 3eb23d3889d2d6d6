"""The columns of the limitation radar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.html import format_html_join
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from debitora.dunning.queries.limitation import LapsingRow
from debitora.dunning.rules.limitation import StepLeft
from debitora.dunning.rules.policy import AfterLastStep
from debitora.dunning.templatetags.dunning import CHANNELS
from debitora.dunning.templatetags.gathering_words import AFTERS
from debitora.dunning.templatetags.strategy_words import TEXTS
from debitora.kit.cells import addresses_of, link, markup, opener, status
from debitora.kit.columns import Column, labelled
from debitora.values.locales import country_name, format_date, format_money
from debitora.values.money import Money

SHOWN: Final = ("number", "customer", "open", "arose", "lapses", "safe", "state", "steps")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "number",
    "customer_number",
    "customer",
    "country",
    "currency",
    "open",
    "issued",
    "due",
    "arose",
    "lapses",
    "safe",
    "level",
    "steps",
    "state",
)
"""What a file holds without being asked."""
MONEY: Final = ("open",)


def lapsing_columns(*, on: date) -> dict[str, Column[LapsingRow]]:
    """Every column by its name, judged on the day."""
    language = get_language() or "en"
    item, customer = addresses_of("receivables:item"), addresses_of("receivables:customer")
    words = state_words()

    def day(value: date | None) -> str:
        return format_date(value, language) if value else ""

    def known(value: date | None) -> str:
        return day(value) or _("not known here")

    return {
        "number": Column(
            _("Number"), lambda row: row.claim.number,
            lambda row: opener(item(row.claim.item), row.claim.number), sort="number", marks="data-title",
        ),
        "customer_number": Column(
            _("Customer number"), lambda row: row.claim.customer_number, lambda row: row.claim.customer_number, "low"
        ),
        "customer": Column(
            _("Customer"), lambda row: row.claim.customer_name,
            lambda row: link(customer(row.claim.customer), row.claim.customer_name), "clip", "customer", "data-wide",
        ),
        "country": Column(
            _("Country"), lambda row: row.claim.country, lambda row: country_name(row.claim.country, language), "low"
        ),
        "currency": Column(_("Currency"), lambda row: row.claim.currency, lambda row: row.claim.currency, "low"),
        "open": Column(
            _("Open"), _open, lambda row: format_money(_open(row), language), "money strong", "amount", "data-value"
        ),
        "issued": Column(_("Issued"), lambda row: row.claim.issued_on, lambda row: day(row.claim.issued_on), "date low"),
        "due": Column(
            _("Due"), lambda row: row.claim.due_on, lambda row: day(row.claim.due_on), "date low", "due", labelled(_("due"))
        ),
        "arose": Column(
            _("Arose in"), lambda row: row.claim.arose_on.year, lambda row: row.claim.arose_on.year, "num", "arose",
            labelled(_("Arose in")),
        ),
        "lapses": Column(
            _("Lapses after"), lambda row: row.lapses_on, lambda row: known(row.lapses_on), "date", "lapses",
            labelled(_("Lapses after")),
        ),
        "safe": Column(
            _("Last safe day"), lambda row: row.safe_until, lambda row: known(row.safe_until), "date", "",
            labelled(_("Last safe day")),
        ),
        "level": Column(_("Level"), lambda row: row.claim.level, lambda row: row.claim.level or "", "num"),
        "steps": Column(
            _("Steps left, earliest"), lambda row: " · ".join(steps_said(row)), _listed, "nowrap", "", labelled(_("Steps left"))
        ),
        "state": Column(
            _("State"), lambda row: words[state_of(row, on=on)],
            lambda row: status(_MARKS[state_of(row, on=on)], words[state_of(row, on=on)]), marks=labelled(),
        ),
    }  # fmt: skip


def _open(row: LapsingRow) -> Money:
    return Money(row.claim.open_minor, row.claim.currency)


def steps_said(row: LapsingRow, *, ways: bool = True) -> list[str]:
    """What each step left would do and when, which come too late, and what is proposed after the last.

    `ways`: by which channel, too; a list has no room for that.
    """
    if not row.has_strategy:
        return [_("no strategy")]
    said = [_step_said(one, row.safe_until, ways=ways) for one in row.steps]
    if row.afterwards != AfterLastStep.STOP.value:
        said.append(_("then: %(what)s") % {"what": AFTERS[row.afterwards]})
    return said or [pgettext("steps", "none left")]


def _step_said(step: StepLeft, safe_until: date | None, *, ways: bool) -> str:
    day, text = format_date(step.on, get_language() or "en"), TEXTS.get(step.text, step.text)
    said = f"{day} {text}, {CHANNELS[step.channel]}" if ways else f"{day} {text}"
    late = safe_until is not None and step.on > safe_until
    return _("%(step)s: too late") % {"step": said} if late else said


def _listed(row: LapsingRow) -> str:
    return format_html_join(markup("<br>"), "{}", ((one,) for one in steps_said(row, ways=False)))


_MARKS: Final = {"lapsed": "bad", "late": "warn", "beyond": "hold", "in_time": "good", "unknown": "neutral"}


def state_words() -> Mapping[str, str]:
    """How a claim stands: lapsed, the safe day has passed, a step is left only beyond it, in time, or not known."""
    return {
        "lapsed": _("Lapsed"),
        "late": _("Safe day has passed"),
        "beyond": _("Steps too late"),
        "in_time": _("In time"),
        "unknown": _("Not known here"),
    }


def state_of(row: LapsingRow, *, on: date) -> str:
    """The code of how the claim stands on the day."""
    if row.lapses_on is None or row.safe_until is None:
        return "unknown"
    if row.lapses_on < on:
        return "lapsed"
    if row.safe_until < on:
        return "late"
    return "beyond" if row.steps and row.steps[-1].on > row.safe_until else "in_time"
