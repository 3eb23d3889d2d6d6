"""The columns of the list of bank files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.html import format_html
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from debitora.cash.queries.listed_files import ListedFile
from debitora.cash.templatetags.cash import Words, format_word
from debitora.documents.queries import fault_text
from debitora.kit.cells import addresses_of, opener, status
from debitora.kit.columns import Column, labelled
from debitora.kit.templatetags.debitora import moment
from debitora.values.locales import format_number

FIRST: Final = "name"
SHOWN: Final = ("name", "format", "statements", "lines", "new", "taken", "by", "state")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "name",
    "format",
    "size",
    "statements",
    "waiting",
    "lines",
    "new",
    "taken",
    "by",
    "state",
    "why",
)
"""What a file holds without being asked."""
STATES: Final[Words] = {
    "taken": pgettext_lazy("bank file", "taken"),
    "waits": gettext_lazy("statements wait"),
    "refused": pgettext_lazy("bank file", "refused"),
}
"""What became of a file."""
_MARKS: Final = {"taken": "good", "waits": "hold", "refused": "bad"}


def file_columns(names: Mapping[str, str]) -> dict[str, Column[ListedFile]]:
    """Every column by its name. names: what those who act are called, by what the files say of them."""
    language, zone = get_language() or "en", get_current_timezone()
    address = addresses_of("cash:file")

    def number(value: int) -> str:
        return format_number(value, language)

    def by(row: ListedFile) -> str:
        return names.get(row.by, row.by)

    def why(row: ListedFile) -> str:
        return fault_text(row.fault) if row.fault else ""

    def stands(row: ListedFile) -> str:
        shown = status(_MARKS[state_of(row)], _stands(row))
        if row.state != "refused":
            return shown
        return format_html('{} <span class="line-text muted">{}</span>', shown, why(row))

    return {
        "name": Column(
            _("File"), lambda row: row.name, lambda row: opener(address(row.id), row.name), "strong clip", "name",
            "data-title",
        ),
        "format": Column(
            _("Format"), lambda row: format_word(row.format), lambda row: format_word(row.format) or "–", "nowrap",
            "format", labelled(),
        ),
        "statements": Column(
            _("Statements"), lambda row: row.statements, lambda row: number(row.statements), "num low"
        ),
        "lines": Column(
            _("Lines"), lambda row: row.lines, lambda row: number(row.lines), "num", "lines", labelled(_("Lines"))
        ),
        "new": Column(_("New lines"), lambda row: row.new, lambda row: number(row.new), "num low"),
        "taken": Column(
            _("Handed in"), lambda row: row.at.astimezone(zone), lambda row: moment(row.at), "date", "taken", labelled()
        ),
        "by": Column(_("By"), by, by, "clip low"),
        "state": Column(
            _("State"), lambda row: str(STATES[state_of(row)]), stands, "", "", 'data-wide data-label=""'
        ),
        "waiting": Column(
            _("Statements that wait"), lambda row: row.waiting, lambda row: number(row.waiting), "num low"
        ),
        "why": Column(_("What stands out"), why, why, "low"),
        "size": Column(_("Bytes"), lambda row: row.size, lambda row: number(row.size), "num low"),
    }  # fmt: skip


def state_of(row: ListedFile) -> str:
    """taken, waits (a statement of it does), or refused."""
    return "waits" if row.waiting else row.state


def _stands(row: ListedFile) -> str:
    """How it stands, with how many of its statements wait."""
    if not row.waiting:
        word = str(STATES[row.state])
        return word[:1].upper() + word[1:]
    return ngettext("%(number)s statement waits", "%(number)s statements wait", row.waiting) % {
        "number": format_number(row.waiting, get_language() or "en")
    }
