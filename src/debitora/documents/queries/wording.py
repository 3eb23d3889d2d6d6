"""What can be wrong with a file, and what to do about it, as sentences: one for each code of `formats.faults`.

Their translations stand in the catalogue of exchange, whose lists have most of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from debitora.formats.faults import Advice, Fault, FaultCode
from debitora.values.locales import format_money, format_number
from debitora.values.money import Money

Words = Mapping[str, str | Promise]

KINDS: Final[Words] = {"items": _("Open items"), "customers": _("Customers")}
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
    "product_group": _("Product group"),
    "text": _("Text"),
    "email": _("E-mail"),
    "salesperson": _("Salesperson"),
    "contact_name": _("Contact of the invoice"),
    "contact_email": _("E-mail of the contact"),
    "street": _("Street"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "country": _("Country"),
    "language": _("Language"),
    "customer_kind": _("Business or consumer"),
    "parent_number": _("Number of the parent company"),
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
    FaultCode.NOT_A_TABLE: _("The file is not a table, but %(kind)s."),
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
    FaultCode.DATEV_RULE: _("The DATEV file breaks a rule of its format: %(rule)s."),
    FaultCode.DATEV_CATEGORY: _("This is a DATEV file of another kind: %(name)s."),
    FaultCode.FEC_RULE: _("The French ledger file breaks a rule of its format: %(rule)s."),
    FaultCode.WRONG_SUBJECT: _("The file holds something else: %(holds)s."),
    FaultCode.ACCOUNT_UNREADABLE: _("This is not the number of an account."),
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
    FaultCode.DATE_UNREADABLE: _("This is not a date in the order of this list."),
    FaultCode.DATE_IMPOSSIBLE: _("No calendar has this day."),
    FaultCode.AMOUNT_MISSING: _("The row has no amount."),
    FaultCode.AMOUNT_UNREADABLE: _("This is not an amount in the notation of this list."),
    FaultCode.AMOUNT_TOO_LARGE: _("The amount is too large to be true."),
    FaultCode.SIDE_UNREADABLE: _("This says neither debit nor credit."),
    FaultCode.OPEN_FLAG_UNREADABLE: _("This says neither open nor settled."),
    FaultCode.CURRENCY_MISSING: _("The row names no currency."),
    FaultCode.CURRENCY_UNKNOWN: _("This is not a currency in circulation."),
    FaultCode.BANK_RULE: _("The bank’s file breaks a rule of its format: %(rule)s."),
    FaultCode.NOT_A_STATEMENT: _("The file is no account statement in a format that is known."),
    FaultCode.SUM_TOO_LARGE: _("Up to this line, the amounts of the statement are too large to be true."),
    FaultCode.ACCOUNT_ELSEWHERE: _("This account belongs to another company here."),
    FaultCode.ENTRY_PENDING: _("The bank has announced this movement and not booked it yet: it is left out."),
    FaultCode.STATEMENT_FRAGMENT: _(
        "This is only a part of an account statement. What is missing: %(missing)s."
    ),
    FaultCode.STATEMENT_UNTIED: _(
        "Opening balance and movements do not give the closing balance; the difference is %(difference)s."
    ),
    FaultCode.PAGES_APART: _("A page of the statement is missing; the difference is %(difference)s."),
    FaultCode.TOTAL_WRONG: _(
        "The file tells a total that its movements do not give: %(told)s, not %(found)s."
    ),
    FaultCode.ACCOUNTS_DIFFER: _(
        "The statement begins with the account %(told)s and ends with the account %(found)s."
    ),
    FaultCode.EMAIL_UNREADABLE: _("This is not one e-mail address."),
    FaultCode.LANGUAGE_UNKNOWN: _("This language is not known."),
    FaultCode.COUNTRY_UNKNOWN: _("This country is not known."),
    FaultCode.CUSTOMER_KIND_UNKNOWN: _("This says neither business nor consumer: treated as a consumer."),
}
ADVICE: Final[Mapping[Advice, str | Promise]] = {
    Advice.EXPORT_AGAIN: _("Export the file once more and upload it again."),
    Advice.SAVE_AS_CSV: _("Save the list as CSV (UTF-8) or as XLSX and upload it again."),
    Advice.UNPROTECT: _("Save the workbook without a password and upload it again."),
    Advice.CHOOSE_ENCODING: _("Choose the character encoding and the separator by hand."),
    Advice.CHOOSE_SHEET: _("Choose one of the sheets that exist."),
    Advice.EXPORT_BATCH: _(
        "Export the booking batch (Buchungsstapel, 21) for open items, or the debtors (Debitoren/Kreditoren, 16) for customers."
    ),
    Advice.CHOOSE_KIND: _("Upload it once more, and choose what it is."),
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
    Advice.CLOSE_GAP: _("Bring the statement that is missing, or accept the difference with a reason."),
    Advice.OTHER_COMPANY: _("Take the file in the company that the account belongs to."),
}
RULES: Final[Words] = {
    "version": _("the second field of its first line is the version, like 700"),
    "category": _("the third field of its first line is the category, like 21"),
    "financial_year": _(
        "the 13th field of its first line is the first day of the financial year, like 20260101"
    ),
    "account_length": _("the 14th field of its first line is the length of general accounts, from 4 to 8"),
    "currency": _("the 22nd field of its first line is a currency, like EUR"),
    "headings": _("the second line holds the headings"),
    "cells": _("each row has as many cells as there are headings"),
    "quotes": _("each text that opens with a quotation mark closes with one"),
    "no_debtors": _("at least one row is booked on a debtor’s account"),
    "column": _("the columns of the law stand in its first line"),
    "no_customers": _("at least one row is booked on an account of customers (411)"),
    "column_cents": _("there is a column “Umsatz”"),
    "column_side": _("there is a column “Soll/Haben-Kennzeichen”"),
    "column_account": _("there is a column “Konto”"),
    "column_contra": _("there is a column “Gegenkonto”"),
    "column_day": _("there is a column “Belegdatum”"),
    "column_number": _("there is a column “Belegfeld 1”"),
    "column_customer_number": _("there is a column “Konto”"),
    "record": _("each line has the length and the beginning that it lays down"),
    "order": _("the parts of a statement follow in the order that it lays down"),
    "movement": _("each movement has day, side and amount in their places"),
    "balance": _("each balance has side, day, currency and amount in their places"),
    "xml": _("its XML is complete and unbroken"),
    "declarations": _("it declares no document type and no entities"),
    "one_currency": _("a statement speaks of one currency"),
    "packed": _("a zip holds bank files of one format, at most 1,000, none of them packed or protected"),
}
MISSING: Final[Words] = {
    "statement": _("the statement itself"),
    "account": _("the number of the account"),
    "currency": _("the currency"),
    "opening": _("the opening balance"),
    "closing": _("the closing balance"),
}


def fault_text(fault: Fault) -> str:
    """What is wrong, in one sentence."""
    return str(FAULTS[fault.code]) % _params(fault)


def fault_advice(fault: Fault) -> str:
    """What to do about a fault, in one sentence."""
    return str(ADVICE[fault.advice])


def _params(fault: Fault) -> dict[str, str]:
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
        "rule": str(RULES.get(params.get("rule", ""), params.get("rule", ""))),
        "name": params.get("name", ""),
        "holds": str(KINDS.get(params.get("holds", ""), "")),
        "field": " / ".join(named),
        "missing": str(MISSING.get(params.get("missing", ""), "")),
        **{name: _told(params.get(name, "")) for name in ("difference", "told", "found")},
    }


def _told(text: str) -> str:
    """A sum ("12.40 EUR") or a number, as the reader's language writes it."""
    number, _blank, currency = text.partition(" ")
    return format_money(Money.of(number, currency), _language()) if currency else number or gettext("unknown")


def _language() -> str:
    return get_language() or "en"
