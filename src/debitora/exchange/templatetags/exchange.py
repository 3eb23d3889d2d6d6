"""The codes of lists in words: states, kinds of change, fields, guards, and each fault with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import template
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from debitora.documents.queries.wording import KINDS, Words, fault_advice, fault_text
from debitora.values.locales import format_date, format_money, format_number
from debitora.values.money import Money

register = template.Library()
register.filter("fault_text", fault_text)
register.filter("fault_advice", fault_advice)

STATES: Final[Words] = {
    "uploaded": _("columns to check"),
    "refused": _("refused"),
    "previewed": _("ready to apply"),
    "held": _("waits for confirmation"),
    "applying": _("being applied"),
    "applied": _("applied"),
    "nothing": _("nothing to do"),
    "undone": _("undone"),
    "discarded": _("discarded"),
}
MARKS: Final = {
    "uploaded": "draft",
    "refused": "bad",
    "previewed": "open",
    "held": "hold",
    "applying": "busy",
    "applied": "good",
    "nothing": "done",
    "undone": "neutral",
    "discarded": "neutral",
}
GROUPS: Final[Words] = {
    "waiting": _("waits for a person"),
    "applying": _("being applied"),
    "applied": _("applied"),
    "nothing": _("nothing to do"),
    "undone": _("undone"),
    "discarded": _("discarded"),
}
CHANGES: Final[Words] = {
    "opened": _("Opened"),
    "paid": _("Paid in part per list"),
    "settled": _("Settled per list"),
    "corrected": _("Raised"),
    "reappeared": _("Open again"),
    "terms": _("New due day"),
    "groups": _("New product group"),
    "behind": _("List behind ledger"),
    "caught_up": _("List has caught up"),
    "contacts": _("Contact named"),
    "unchanged": _("Unchanged"),
    "created": _("New customers"),
    "changed": _("Changed customers"),
    "without_email": _("Without e-mail address"),
    "without_address": _("Without postal address"),
}
EXPLAINED: Final[Words] = {
    "opened": _("Numbers that this source shows for the first time become open items."),
    "paid": _("The list shows less than the ledger: the difference counts as paid."),
    "settled": _("The list no longer shows these numbers: they count as settled."),
    "corrected": _("The list shows more than was ever opened: the item is raised."),
    "reappeared": _("An earlier list settled these; now they are open again."),
    "terms": _("The amount stays, the due day moves."),
    "groups": _("The list names a product group that is not yet known here for these."),
    "behind": _("Paid or settled here, still open on the list: nothing is reopened, and nobody is reminded."),
    "caught_up": _("The list now agrees with what was paid or settled here."),
    "contacts": _("The list names another contact than is known here for these."),
}
REASONS: Final[Words] = {
    "header_exact": _("by its heading"),
    "header_similar": _("by a similar heading"),
    "header_remembered": _("as last time"),
    "header_missing": _("without a heading"),
    "content": _("by its content"),
    "only_choice": _("the only one that fits"),
    "evidence": _("shown by the file"),
    "no_evidence": _("assumed: the file does not show it"),
    "header_currency": _("named in the heading"),
    "company_currency": _("assumed: the company's currency"),
    "amount_symbol": _("written beside the amounts"),
}
DOUBTS: Final[Words] = {
    "encoding": _(
        "The character encoding cannot be known for certain. Look at the umlauts, and choose the encoding that shows them right."
    ),
    "sheet": _("The workbook has several sheets. Please check that this is the one with the list."),
    "borders": _(
        "The text has no separators: where its columns begin was recognised. Please check the bars."
    ),
    "due": _("Some invoices name no due day: 30 days after the invoice are assumed."),
    "header": _("No row looks like headings. Please check which column means what."),
    "decimal_mark": _("The amounts do not show which mark separates the decimals. Please check it."),
    "date_order": _("The dates can be read as day-month or as month-day. Please check the order."),
    "sign": _("Nearly all amounts are negative: they are read as invoices. Please check the sign."),
    "currency": _("The file names no currency: the company's own is assumed. Please check it."),
}
PROBLEMS: Final[Words] = {
    "ledger_moved_on": _(
        "The ledger changed while the list was being applied. Nothing was imported; this is a new preview."
    ),
    "held_again": _(
        "Another list was applied in between, and now something speaks against this one. Nothing was imported."
    ),
    "bytes_missing": _(
        "The stored file can no longer be read. Nothing was imported; please upload it again."
    ),
}
GUARDS: Final[Words] = {
    "settles_many": _("The list would settle %(settled)s of the %(open)s open items of this source."),
    "older_than_last": _("The list is of %(as_of)s, but the list of %(last)s was applied already."),
    "looks_old": _(
        "The newest invoice in the list is of %(newest)s, long before the day of the list (%(as_of)s)."
    ),
    "goes_back": _("The newest invoice in the list is of %(newest)s; the list before went up to %(before)s."),
    "total_differs": _("The list states a total of %(stated)s, but its rows sum up to %(summed)s."),
    "other_shape": _("This source brought %(before)s before; this file is %(shape)s."),
    "company_codes": _("The list holds several company codes. Which of them belong here?"),
}
SHAPES: Final[Words] = {"list": _("whole lists of what is open"), "movements": _("movements")}
GUARD_HINTS: Final[Words] = {
    "other_shape": _(
        "A list settles what it does not name; movements settle nothing that is missing. Keep the two in sources of their own."
    ),
    "settles_many": _("Confirm only if the list is complete and these items are really settled."),
    "older_than_last": _("Confirm only if you want to go back to the older state."),
    "looks_old": _("Perhaps this is an earlier export. Confirm only if the list is up to date."),
    "goes_back": _("Perhaps this is an earlier export. Confirm only if the list is up to date."),
    "total_differs": _("Perhaps rows are missing. Confirm only if you know where the difference comes from."),
}


@register.filter
def state_word(state: str) -> str:
    """The state of an import as a word."""
    return str(STATES.get(state, state))


@register.filter
def state_mark(state: str) -> str:
    """The shape of a state, as c-status names it."""
    return MARKS.get(state, "neutral")


@register.filter
def list_kind(kind: str) -> str:
    """ "items" and "customers" as words."""
    return str(KINDS.get(kind, kind))


@register.filter
def change_word(kind: str) -> str:
    """The heading of a kind of change."""
    return str(CHANGES.get(kind, kind))


@register.filter
def change_meaning(kind: str) -> str:
    """What a kind of change does, in one sentence; "" where the heading says it all."""
    return str(EXPLAINED.get(kind, ""))


@register.filter
def reason_word(reason: str) -> str:
    """Why something was recognised."""
    return str(REASONS.get(reason, ""))


@register.filter
def doubt_text(doubt: str) -> str:
    """What a person should look at, because the file leaves it open."""
    return str(DOUBTS.get(doubt, ""))


@register.filter
def unapplied_text(taken: Any) -> str:
    """Why an import that no guard holds waits for a person: its faults, or that nobody has looked at its columns."""
    faults = sum(taken.result.get("faults", {}).values())
    if faults:
        said = ngettext("%(count)s fault stands against it.", "%(count)s faults stand against it.", faults)
        return said % {"count": format_number(faults, _language())}
    return gettext("A person has to look at its columns first.")


@register.filter
def skipped_text(skipped: Mapping[str, int]) -> str:
    """How many rows were left out as no data, by kind: "Left out: 12 rows of totals, 3 page titles."."""
    parts = [
        worded(count) % {"count": format_number(count, _language())}
        for kind, worded in _SKIPPED.items()
        if (count := skipped.get(kind, 0))
    ]
    return gettext("Left out as no data: %(rows)s.") % {"rows": ", ".join(parts)} if parts else ""


@register.filter
def skipped_places(taken: Any) -> list[str]:
    """Where the rows stand that were left out, by kind: "Rows of totals: lines 14, 30"; the first of them, if they are many."""
    lines: dict[str, list[int]] = {}
    for line, kind in taken.result.get("skipped_lines", []):
        lines.setdefault(kind, []).append(line)
    return [_skipped_place(kind, found, taken.result["skipped"][kind]) for kind, found in lines.items()]


def _skipped_place(kind: str, lines: Sequence[int], count: int) -> str:
    what = _SKIPPED[kind](count) % {"count": format_number(count, _language())}
    shown = ", ".join(str(line) for line in lines[:SKIPPED_SHOWN])
    more = ", \N{HORIZONTAL ELLIPSIS}" if count > min(len(lines), SKIPPED_SHOWN) else ""
    said = ngettext("%(what)s: line %(lines)s", "%(what)s: lines %(lines)s", count)
    return said % {"what": what, "lines": shown + more}


SKIPPED_SHOWN: Final = 40
"""Lines of each kind that are named; a list printed on a thousand pages repeats its titles as often."""

_SKIPPED: Final[Mapping[str, Callable[[int], str]]] = {
    "totals": lambda count: ngettext("%(count)s row of totals", "%(count)s rows of totals", count),
    "headers": lambda count: ngettext("%(count)s repeated heading", "%(count)s repeated headings", count),
    "breaks": lambda count: ngettext("%(count)s page title", "%(count)s page titles", count),
    "notes": lambda count: ngettext("%(count)s remark", "%(count)s remarks", count),
    "rules": lambda count: ngettext("%(count)s ruled line", "%(count)s ruled lines", count),
}


@register.filter
def problem_text(problem: str) -> str:
    """Why applying broke off."""
    return str(PROBLEMS.get(problem, ""))


@register.filter
def guard_text(raised: Mapping[str, Any]) -> str:
    """What speaks against applying a list, with its figures."""
    params = dict(raised["params"])
    if raised["guard"] == "other_shape":
        shapes = {name: str(SHAPES.get(value, value)) for name, value in params.items()}
        return str(GUARDS["other_shape"]) % shapes
    if raised["guard"] == "company_codes":
        return str(GUARDS["company_codes"])
    currency = params.pop("currency", "")
    return str(GUARDS[raised["guard"]]) % {
        name: _figure(name, value, currency) for name, value in params.items()
    }


@register.filter
def guard_hint(raised: Mapping[str, Any]) -> str:
    """When to confirm all the same."""
    return str(GUARD_HINTS.get(raised["guard"], ""))


def _figure(name: str, value: int | str, currency: str) -> str:
    language = _language()
    if isinstance(value, str):
        return format_date(date.fromisoformat(value), language)
    if name in {"stated", "summed"} and currency:
        return format_money(Money(value, currency), language)
    return format_number(value, language)


def _language() -> str:
    return get_language() or "en"
