"""A statement of account (Kontoauszug): what was open on a day, by currency, as a letter and as a mail.

Each currency is a letter of its own that demands its balance, so that it has to add up as every notice does; the
statement puts their tables on one sheet. It asks for what is overdue only, credits set off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from debitora.engine.aging import Bands
from debitora.messaging.rules.girocode import girocode_svg
from debitora.messaging.rules.letter import Contact, Identity, Letter, LetterLine, LineKind, Sender
from debitora.messaging.rules.mail_words import MailWords, mail_words
from debitora.messaging.rules.sheet import Sheet, account_rows, sheet_of, with_emphasis
from debitora.messaging.rules.words import salutation, words, written_language
from debitora.values.locales import format_amount, format_long_date, format_money
from debitora.values.money import Money

_BANDS = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")


class StatementDoesNotAddUp(Exception):
    """The items of a currency do not sum up to its aging."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was open on the day `on`. `lines` and `aging` have the same currencies; none: nothing was open.

    `currency` is the company's, for a statement of nothing. Lines are DUE (debits of any age) or CREDIT. Raises
    StatementDoesNotAddUp.
    """

    identity: Identity
    sender: Sender
    contact: Contact
    recipient: tuple[str, ...]
    customer_name: str
    customer_number: str
    on: date
    issued_on: date
    language: str
    currency: str
    lines: Mapping[str, tuple[LetterLine, ...]]
    aging: Mapping[str, Bands]

    def __post_init__(self) -> None:
        sums = {currency: self.balance(currency).minor for currency in self.lines}
        if sums != {currency: bands.total for currency, bands in self.aging.items()}:
            raise StatementDoesNotAddUp(f"{sums} listed, {dict(self.aging)} aged")

    @property
    def number(self) -> str:
        """What sender and reader call it: customer and day."""
        return f"{self.customer_number}-{self.on:%Y%m%d}"

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those in which something was open, the company's in front; its own alone if nothing was."""
        return tuple(sorted(self.lines, key=lambda one: (one != self.currency, one))) or (self.currency,)

    def balance(self, currency: str) -> Money:
        """Everything open, credits deducted; negative in the customer's favour."""
        return _sum(self.lines.get(currency, ()), currency)

    def due(self, currency: str) -> Money:
        """What is overdue less all credits; zero if the credits are more."""
        lines = self.lines.get(currency, ())
        counted = [line for line in lines if line.kind is LineKind.CREDIT or line.days_overdue > 0]
        return max(_sum(counted, currency), Money(0, currency))


def statement_sheet(statement: Statement) -> Sheet:
    """Everything that stands on the statement, for letters/statement.typ."""
    language = written_language(statement.language)
    sheets = {currency: sheet_of(_letter(statement, currency)) for currency in statement.currencies}
    base = sheets[statement.currencies[0]]
    return {
        **base,
        "table": None,
        "aside": None,
        "payment": None,
        "tables": [
            _table(sheet["table"], statement, currency)
            for currency, sheet in sheets.items()
            if currency in statement.lines
        ],
        "ages": _ages(statement, language) if statement.aging else None,
        "payments": list(_payments(statement, language)),
    }


def statement_mail(statement: Statement) -> MailWords:
    """The words of its mail: balance, items of the first currency, how to pay what is overdue."""
    language = written_language(statement.language)
    say = words(language)["statement"]
    currencies = statement.currencies
    letter = _letter(statement, currencies[0])
    day = format_long_date(statement.on, language)
    balances = " · ".join(_money(statement.balance(currency), language) for currency in currencies)
    body = f"{say['body'].format(day=day)} {say['body_balance'].format(sum=balances)}"
    payments = list(_payments(statement, language))
    return {
        **mail_words(letter, (body,)),
        "ask": [{"text": text, "strong": strong} for pay in payments for text, strong in pay["sentence"]],
        "account": [{"name": name, "value": value} for pay in payments[:1] for name, value in pay["rows"]],
        "total": {"name": say["balance"], "value": _money(statement.balance(currencies[0]), language)},
    }


def _letter(statement: Statement, currency: str) -> Letter:
    """The items of one currency as a letter that demands its balance."""
    language = written_language(statement.language)
    say = words(language)["statement"]
    day = format_long_date(statement.on, language)
    opening = say["opening"] if statement.lines else say["nothing"]
    return Letter(
        identity=statement.identity,
        sender=statement.sender,
        recipient=statement.recipient,
        customer_name=statement.customer_name,
        issued_on=statement.issued_on,
        customer_number=statement.customer_number,
        notice_number=statement.number,
        subject=say["subject"].format(day=day),
        salutation=salutation(language),
        opening=(opening.format(day=day),),
        closing=(say["closing"],),
        lines=statement.lines.get(currency, ()),
        demanded=statement.balance(currency),
        language=language,
        contact=statement.contact,
        payment_reference=statement.customer_number,
    )


def _table(table: Sheet, statement: Statement, currency: str) -> Sheet:
    """The table of items with the statement's words: a balance, not a demand."""
    language = written_language(statement.language)
    say = words(language)["statement"]
    balance = statement.balance(currency)
    name = say["balance"] if balance.minor >= 0 else say["credit_balance"]
    return {
        **table,
        "title": say["items"],
        "note": "",
        "total": (name, _money(balance, language)),
    }


def _ages(statement: Statement, language: str) -> dict[str, Any]:
    say = words(language)["statement"]
    return {
        "title": say["ages"],
        "head": [say["currency"], *(say[band] for band in _BANDS), say["total"]],
        "rows": [
            [currency, *(_amount(getattr(bands, band), currency, language) for band in (*_BANDS, "total"))]
            for currency in statement.currencies
            if (bands := statement.aging.get(currency))
        ],
    }


def _payments(statement: Statement, language: str) -> Iterable[Sheet]:
    """What is overdue in each currency. How to pay it stands with the first; the code only where a bank can read it (euro)."""
    say, account, reference = words(language), statement.sender.account, statement.customer_number
    due = [statement.due(currency) for currency in statement.currencies]
    for place, money in enumerate(money for money in due if money.minor):
        shown = account if place == 0 or money.currency == "EUR" else None
        yield {
            "sentence": with_emphasis((say["statement"]["due"], format_money(money, language), "")),
            "rows": [] if shown is None else account_rows(shown, reference=reference, say=say),
            "code": "" if shown is None else girocode_svg(shown, amount=money, reference=reference),
            "code_title": say["payment"]["code_title"],
            "code_meaning": say["payment"]["code_meaning"],
            "code_alt": say["payment"]["code_alt"],
        }


def file_name(statement: Statement) -> str:
    """What the attachment is called, before its ending."""
    return f"{words(statement.language)['statement']['file']}-{statement.number}"


def _amount(minor: int, currency: str, language: str) -> str:
    return format_amount(Money(minor, currency), language).replace("-", "\u2212")


def _money(money: Money, language: str) -> str:
    """With a true minus sign, as wide as a figure."""
    return format_money(money, language).replace("-", "\u2212")


def _sum(lines: Iterable[LetterLine], currency: str) -> Money:
    return sum((line.open for line in lines), start=Money(0, currency))
