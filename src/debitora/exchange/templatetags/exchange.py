"""The codes of lists in words: states, kinds of change, fields, guards, and each fault with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from debitora.formats.faults import Advice, Fault, FaultCode
from debitora.values.locales import format_date, format_money, format_number
from debitora.values.money import Money

register = template.Library()
Words = Mapping[str, str | Promise]

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
KINDS: Final[Words] = {"items": _("Open items"), "customers": _("Customers")}
CHANGES: Final[Words] = {
    "opened": _("Opened"),
    "paid": _("Paid in part per list"),
    "settled": _("Settled per list"),
    "corrected": _("Raised"),
    "reappeared": _("Open again"),
    "terms": _("New due day"),
    "behind": _("List behind ledger"),
    "caught_up": _("List has caught up"),
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
    "behind": _("Paid or settled here, still open on the list: nothing is reopened, and nobody is reminded."),
    "caught_up": _("The list now agrees with what was paid or settled here."),
}
FIELDS: Final[Words] = {
    "number": _("Invoice number"),
    "position": _("Position"),
    "customer_number": _("Customer number"),
    "customer_name": _("Customer name"),
    "issued_on": _("Invoice date"),
    "due_on": _("Due day"),
    "currency": _("Currency"),
    "amount": _("Original amount"),
    "open": _("Open amount"),
    "debit": _("Debit amount"),
    "credit": _("Credit amount"),
    "side": _("Debit or credit"),
    "open_flag": _("Open: yes or no"),
    "cleared_on": _("Settled on"),
    "company_code": _("Company code"),
    "kind": _("Document type"),
    "order_reference": _("Order reference"),
    "text": _("Text"),
    "email": _("E-mail"),
    "salesperson": _("Salesperson"),
    "street": _("Street"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "country": _("Country"),
    "language": _("Language"),
    "customer_kind": _("Business or consumer"),
    "parent_number": _("Number of the parent company"),
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
NOT_TABLES: Final[Words] = {
    "pdf": _("a PDF document"),
    "image": _("an image"),
    "archive": _("an archive"),
    "compound": _("a document of another program (Word, Outlook)"),
    "html": _("a web page"),
    "xml": _("an XML file"),
    "json": _("a JSON file"),
    "email": _("an e-mail"),
    "markdown": _("a text with formatting (Markdown)"),
    "rtf": _("a text document"),
    "prose": _("running text without columns"),
}
FAULTS: Final[Mapping[FaultCode, str | Promise]] = {
    FaultCode.EMPTY_FILE: _("The file is empty."),
    FaultCode.FILE_TOO_LARGE: _("The file has more than %(limit)s bytes."),
    FaultCode.NOT_A_TABLE: _("The file is no table, but %(kind)s."),
    FaultCode.NUL_BYTES: _("The file contains zero bytes and is probably damaged."),
    FaultCode.ENCODING_UNKNOWN: _("The chosen character encoding does not exist."),
    FaultCode.ENCODING_UNFIT: _("The file is not written in the character encoding %(encoding)s."),
    FaultCode.LINE_TOO_LONG: _("A line has more than %(limit)s characters."),
    FaultCode.QUOTE_UNCLOSED: _("A quotation mark opens here and never closes."),
    FaultCode.TOO_MANY_ROWS: _("The file has more than %(limit)s rows."),
    FaultCode.TOO_MANY_COLUMNS: _("The file has more than %(limit)s columns."),
    FaultCode.ARCHIVE_TOO_LARGE: _(
        "The workbook unpacks to far more than a list can hold, and was not opened."
    ),
    FaultCode.WORKBOOK_ENCRYPTED: _("The workbook is protected by a password."),
    FaultCode.WORKBOOK_DAMAGED: _("The workbook is damaged and cannot be read."),
    FaultCode.SHEET_UNKNOWN: _("The workbook has no sheet of this name. It has: %(sheets)s."),
    FaultCode.NO_ROWS: _("The file has headings, but no row below them."),
    FaultCode.COLUMN_MISSING: _("No column says: %(field)s."),
    FaultCode.COLUMN_CUT: _("A border between two columns runs through a number here."),
    FaultCode.DECIMALS_MIXED: _("The amount uses another decimal mark than the rest of the list."),
    FaultCode.NUMBER_MISSING: _("The row has no invoice number."),
    FaultCode.NUMBER_SHORTENED: _("The spreadsheet shortened this number; digits are lost."),
    FaultCode.NUMBER_TWICE: _("The same customer, number and position as in line %(first)s."),
    FaultCode.CUSTOMER_MISSING: _("The row names no customer."),
    FaultCode.CUSTOMER_TWICE: _("The same customer number as in line %(first)s."),
    FaultCode.NAME_MISSING: _("The customer has no name."),
    FaultCode.DUE_MISSING: _("The row has no due day."),
    FaultCode.DATE_UNREADABLE: _("This is no date in the order of this list."),
    FaultCode.DATE_IMPOSSIBLE: _("No calendar has this day."),
    FaultCode.AMOUNT_MISSING: _("The row has no amount."),
    FaultCode.AMOUNT_UNREADABLE: _("This is no amount in the notation of this list."),
    FaultCode.AMOUNT_TOO_LARGE: _("The amount is too large to be true."),
    FaultCode.SIDE_UNREADABLE: _("This says neither debit nor credit."),
    FaultCode.OPEN_FLAG_UNREADABLE: _("This says neither open nor settled."),
    FaultCode.CURRENCY_MISSING: _("The row names no currency."),
    FaultCode.CURRENCY_UNKNOWN: _("This is not a currency in circulation."),
    FaultCode.EMAIL_UNREADABLE: _("This is not one e-mail address."),
    FaultCode.LANGUAGE_UNKNOWN: _("This language is not known."),
    FaultCode.COUNTRY_UNKNOWN: _("This country is not known."),
    FaultCode.CUSTOMER_KIND_UNKNOWN: _("This says neither business nor consumer: treated as a consumer."),
}
ADVICE: Final[Mapping[Advice, str | Promise]] = {
    Advice.EXPORT_AGAIN: _("Export the list once more and upload it again."),
    Advice.SAVE_AS_CSV: _("Save the list as CSV (UTF-8) or as XLSX and upload it again."),
    Advice.UNPROTECT: _("Save the workbook without a password and upload it again."),
    Advice.CHOOSE_ENCODING: _("Choose the character encoding and the separator by hand."),
    Advice.CHOOSE_SHEET: _("Choose one of the sheets that exist."),
    Advice.SPLIT_FILE: _("Deliver the list in several files, each as its own source."),
    Advice.CHOOSE_BORDERS: _("Correct the places at which columns begin, on the page “Columns”."),
    Advice.CHOOSE_COLUMN: _("Say which column holds it."),
    Advice.CHOOSE_FORMAT: _(
        "Choose decimal mark, date order or sign for this list, or correct the row in the source."
    ),
    Advice.CHOOSE_CURRENCY: _("Choose the currency of the list."),
    Advice.CORRECT_ROW: _("Correct the row in the source system and export the list again."),
    Advice.FORMAT_AS_TEXT: _(
        "Format the column as text in the spreadsheet, or export the list directly as CSV."
    ),
    Advice.REMOVE_DOUBLE: _(
        "Deliver each number only once, or name the column that tells the rows apart (position)."
    ),
    Advice.COMPLETE_LATER: _("Nothing has to be done now: the value is left out."),
}
GUARDS: Final[Words] = {
    "settles_many": _("The list would settle %(settled)s of the %(open)s open items of this source."),
    "older_than_last": _("The list is of %(as_of)s, but the list of %(last)s was applied already."),
    "looks_old": _(
        "The newest invoice in the list is of %(newest)s, long before the day of the list (%(as_of)s)."
    ),
    "goes_back": _("The newest invoice in the list is of %(newest)s; the list before went up to %(before)s."),
    "total_differs": _("The list states a total of %(stated)s, but its rows sum up to %(summed)s."),
    "company_codes": _("The list holds several company codes. Which of them belong here?"),
}
GUARD_HINTS: Final[Words] = {
    "settles_many": _("Confirm only if the list is complete and these items are really settled."),
    "older_than_last": _("Confirm only if you want to go back to the older state."),
    "looks_old": _("Perhaps this is an earlier export. Confirm only if the list is up to date."),
    "goes_back": _("Perhaps this is an earlier export. Confirm only if the list is up to date."),
    "total_differs": _("Perhaps rows are missing. Confirm only if you know where the difference comes from."),
}


@register.filter
def named(login: str, names: Mapping[str, str]) -> str:
    """The name of the person with this login; the login of anybody who has no role here."""
    return names.get(login, login)


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
def field_word(field: str) -> str:
    """The name of a field that a column can hold."""
    return str(FIELDS.get(field, field))


@register.filter
def reason_word(reason: str) -> str:
    """Why something was recognised."""
    return str(REASONS.get(reason, ""))


@register.filter
def doubt_text(doubt: str) -> str:
    """What a person should look at, because the file leaves it open."""
    return str(DOUBTS.get(doubt, ""))


@register.filter
def skipped_text(skipped: Mapping[str, int]) -> str:
    """How many rows were left out as no data, by kind: "Left out: 12 rows of totals, 3 page titles."."""
    parts = [
        worded(count) % {"count": format_number(count, _language())}
        for kind, worded in _SKIPPED.items()
        if (count := skipped.get(kind, 0))
    ]
    return gettext("Left out as no data: %(rows)s.") % {"rows": ", ".join(parts)} if parts else ""


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
def fault_text(fault: Fault) -> str:
    """What is wrong, in one sentence."""
    return str(FAULTS[fault.code]) % _fault_params(fault)


@register.filter
def fault_advice(fault: Fault) -> str:
    """What to do about a fault, in one sentence."""
    return str(ADVICE[fault.advice])


@register.filter
def guard_text(raised: Mapping[str, Any]) -> str:
    """What speaks against applying a list, with its figures."""
    params = dict(raised["params"])
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


def _fault_params(fault: Fault) -> dict[str, str]:
    params = dict(fault.params)
    named = [
        str(FIELDS.get(name, name)) for name in (params.get("choices") or params.get("field", "")).split()
    ]
    return {
        "limit": format_number(int(params.get("limit", 0)), _language()),
        "kind": str(NOT_TABLES.get(params.get("kind", ""), params.get("kind", ""))),
        "encoding": params.get("encoding", ""),
        "sheets": params.get("sheets", ""),
        "first": params.get("first", ""),
        "field": " / ".join(named),
    }


def _figure(name: str, value: int | str, currency: str) -> str:
    language = _language()
    if isinstance(value, str):
        return format_date(date.fromisoformat(value), language)
    if name in {"stated", "summed"} and currency:
        return format_money(Money(value, currency), language)
    return format_number(value, language)


def _language() -> str:
    return get_language() or "en"
