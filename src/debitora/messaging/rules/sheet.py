"""A letter as words in places: what the layout (letters/notice.typ) is fed with, every value already written out."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from debitora.messaging.rules.emblems import as_svg
from debitora.messaging.rules.girocode import Account, girocode_svg
from debitora.messaging.rules.letter import Letter, LetterLine, LineKind
from debitora.messaging.rules.letterhead import INK
from debitora.messaging.rules.measures import (
    address_size,
    columns_of,
    information_size,
    return_line_size,
)
from debitora.messaging.rules.words import Words, words, written_language
from debitora.values.locales import format_amount, format_date, format_long_date, format_money
from debitora.values.money import Money

Sheet = dict[str, Any]

_LONGEST_WORD: Final = 40
_LONG_WORD: Final = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_LONG_NUMBER: Final = re.compile(r"\S{13,}")
_SEPARATOR: Final = re.compile(r"[-/_.@]+(?=\w)")
_LONG_RUN: Final = re.compile(r"[^\s\u200b]{12}(?=[^\s\u200b]{12})")
_DIGRAPHS: Final = {
    0x149: "\u2019n",
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x1C4, 0x1CD), *range(0x1F1, 0x1F4))
    },
}
"""Two letters in one character (Croatian, Afrikaans): our font has the letters only."""
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def sheet_of(letter: Letter) -> Sheet:
    """Everything that stands on the letter, as texts, lists and flags that JSON can carry."""
    language = written_language(letter.language)
    say = words(language)
    info = _info(letter, say, language)
    return_line = " · ".join((letter.sender.name, *letter.sender.address))
    sheet: Sheet = printable(
        {
            "language": language,
            "title": f"{letter.subject} · {letter.notice_number}",
            "keywords": keywords_of(letter),
            "sender": letter.sender.name,
            "return_line": return_line,
            "footer": _footer(letter, say),
            "colour": letter.sender.colour or INK,
            "logo": as_svg(letter.sender.logo),
            "signature_picture": as_svg(letter.sender.signature),
            "recipient": list(letter.recipient),
            "info": info,
            "sizes": {
                "recipient": address_size(letter.recipient),
                "return_line": return_line_size(return_line),
                "info": information_size([value for _, value in info]),
            },
            "page": say["sheet"]["page"],
            "running": f"{letter.subject} · {say['sheet']['customer_number']} {letter.customer_number}",
            "subject": letter.subject,
            "salutation": letter.salutation,
            "opening": list(letter.opening),
            "table": _table(letter, say, language),
            "aside": _aside(letter, say, language),
            "payment": _payment(letter, say, language),
            "closing": list(letter.closing),
            "greeting": say["close"]["greeting"],
            "signature": [line for line in (letter.contact.name, letter.sender.name) if line],
            "enclosures": enclosure_sentences(letter, say),
        }
    )
    return sheet


def keywords_of(letter: Letter) -> list[str]:
    """Company, notice and as-of day, as they stand in the PDF's metadata (read back by `pdf.read_identity`)."""
    identity = letter.identity
    return [
        f"debitora-company={identity.company}",
        f"debitora-notice={identity.notice}",
        f"debitora-as-of={identity.as_of.isoformat()}",
    ]


def payment_sentence(letter: Letter, language: str) -> tuple[str, str, str] | None:
    """Sum and deadline in one sentence, with both written out: (pattern, sum, deadline); None: nothing to pay."""
    if letter.demanded.minor <= 0:
        return None
    payment = words(language)["payment"]
    total = format_money(letter.demanded, language)
    if letter.deadline_on is None:
        return payment["soon"], total, ""
    return payment["by"], total, _unbroken(format_long_date(letter.deadline_on, language))


def with_emphasis(sentence: tuple[str, str, str]) -> list[tuple[str, bool]]:
    """The payment sentence in pieces: (text, whether it stands out)."""
    pattern, total, deadline = sentence
    values = {"{sum}": total, "{deadline}": deadline}
    pieces = re.split(r"(\{\w+\})", pattern)
    return [(values.get(piece, piece), piece in values) for piece in pieces if piece]


def enclosure_sentences(letter: Letter, say: Words) -> list[str]:
    """Which copies of invoices go along, and which were too large to; numbers in the order of the table."""
    told = [(("copy", "copies"), letter.enclosed), (("one_too_large", "too_large"), letter.not_enclosed)]
    return [
        say["enclosures"][keys[len(numbers) > 1]].format(numbers=", ".join(numbers))
        for keys, numbers in told
        if numbers
    ]


def payment_reference(letter: Letter) -> str:
    """What the debtor writes on the transfer; without an own one: customer and notice number."""
    return letter.payment_reference or f"{letter.customer_number} {letter.notice_number}"


def grouped_iban(iban: str) -> str:
    """The IBAN in groups of four, as people read it aloud; it never breaks."""
    plain = "".join(iban.split()).upper()
    return _unbroken(" ".join(plain[start : start + 4] for start in range(0, len(plain), 4)))


def account_rows(account: Account, *, reference: str, say: Words) -> list[tuple[str, str]]:
    """The bank details with their labels; empty ones left out."""
    label = say["payment"]
    rows = [
        (label["holder"], account.holder),
        (label["iban"], grouped_iban(account.iban)),
        (label["bic"], account.bic),
        (label["bank"], account.bank),
        (label["reference"], reference),
    ]
    return [(name, value) for name, value in rows if value]


def _footer(letter: Letter, say: Words) -> list[list[str]]:
    """Columns of the foot: company, ways to reach it, what the law demands, bank."""
    sender = letter.sender
    bank = [] if sender.account is None else [sender.account.bank, grouped_iban(sender.account.iban)]
    if sender.account is not None and sender.account.bic:
        bank.append(f"{say['payment']['bic']} {sender.account.bic}")
    own = [
        [sender.name, *sender.address],
        [sender.phone, sender.email, sender.web],
        [*sender.imprint],
    ]
    columns = [*(map(list, sender.footer) if sender.footer else own), bank]
    shown = [[line for line in column if line] for column in columns]
    return [column for column in shown if column]


def _info(letter: Letter, say: Words, language: str) -> list[tuple[str, str]]:
    """The block at the right of the address."""
    label = say["sheet"]
    day = _unbroken(format_long_date(letter.issued_on, language))
    contact = letter.contact
    rows = [
        (label["date"], f"{letter.place}, {day}" if letter.place else day),
        (label["customer"], letter.customer_name if letter.customer_name not in letter.recipient else ""),
        (label["customer_number"], letter.customer_number),
        (label["notice_number"], letter.notice_number),
        (label["contact"], contact.name),
        (label["phone"], contact.phone or letter.sender.phone),
        (label["email"], contact.email or letter.sender.email),
    ]
    return [(name, value) for name, value in rows if value]


def _table(letter: Letter, say: Words, language: str) -> Sheet:
    """What is demanded: due items, fee, credits set off, and the sum."""
    label = say["table"]
    lines = [
        *letter.of_kind(LineKind.DUE),
        *(letter.of_kind(LineKind.CREDIT) if letter.sets_off_credit else ()),
    ]
    table = _rows(lines, label["due"], letter.currency, say, language)
    table["extra"] = [
        (name, _amount(amount, language)) for name, amount in claims_rows(letter, say, language)
    ]
    table["note"] = label["as_of"].format(day=format_date(letter.identity.as_of, language))
    table["total"] = (label["total"], format_money(letter.demanded, language))
    return table


def claims_rows(letter: Letter, say: Words, language: str) -> list[tuple[str, Money]]:
    """What is claimed beside the items, with its name: fee, lump sum, and interest until the day before the letter's day of payments."""
    label, until = say["table"], letter.identity.as_of - timedelta(days=1)
    named = [
        (label["fee"], letter.fee),
        (label["lump_sum"], letter.lump_sum),
        (label["interest"].format(day=format_date(until, language)), letter.interest),
    ]
    return [(name, amount) for name, amount in named if amount]


def _aside(letter: Letter, say: Words, language: str) -> Sheet | None:
    """What is shown for information only: items not yet noticed, credits not set off."""
    also_open = letter.of_kind(LineKind.ALSO_OPEN)
    credit = () if letter.sets_off_credit else letter.of_kind(LineKind.CREDIT)
    if not also_open and not credit:
        return None
    names = {(True, False): "also_open", (False, True): "unused_credit", (True, True): "also_open_and_credit"}
    title = say["table"][names[bool(also_open), bool(credit)]]
    return _rows([*also_open, *credit], title, letter.currency, say, language)


def _rows(lines: list[LetterLine], title: str, currency: str, say: Words, language: str) -> Sheet:
    """A table of items; what was paid or set aside is a column only where anything was, days only where any are overdue."""
    label = say["table"]
    columns = ["number", "issued_on", "due_on"]
    columns += ["days_overdue"] if any(line.days_overdue > 0 for line in lines) else []
    parts = [name for name in ("paid", "held") if any(getattr(line, name) for line in lines)]
    columns += ["amount", *parts, "open"] if parts else ["open"]
    head = [label[name] for name in columns]
    rows = [[_cell(line, name, say, language) for name in columns] for line in lines]
    setting = columns_of(head, rows)
    if not setting.plain:
        rows = [[_LONG_NUMBER.sub(_break_up, number), *others] for number, *others in rows]
    return {
        "title": title,
        "note": "",
        "currency": label["currency"].format(currency=currency),
        "columns": columns,
        "head": head,
        "rows": rows,
        "size": setting.size,
        "widths": setting.widths,
        "plain": setting.plain,
        "extra": [],
        "total": None,
    }


def _cell(line: LetterLine, column: str, say: Words, language: str) -> str:
    if column == "number":
        return f"{say['table']['credit']} {line.number}" if line.kind is LineKind.CREDIT else line.number
    if column == "days_overdue":
        return str(line.days_overdue) if line.days_overdue > 0 else ""
    value: Money | date | None = getattr(line, column)
    if isinstance(value, Money):
        return "" if column == "paid" and not value else _amount(value, language)
    return format_date(value, language) if value else ""


def _amount(money: Money, language: str) -> str:
    """With a true minus sign, as wide as a figure."""
    return format_amount(money, language).replace("-", "\u2212")


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _payment(letter: Letter, say: Words, language: str) -> Sheet | None:
    sentence = payment_sentence(letter, language)
    if sentence is None:
        return None
    account = letter.sender.account
    reference = payment_reference(letter)
    rows = [] if account is None else account_rows(account, reference=reference, say=say)
    code = "" if account is None else girocode_svg(account, amount=letter.demanded, reference=reference)
    return {
        "sentence": with_emphasis(sentence),
        "rows": rows,
        "code": code,
        "code_title": say["payment"]["code_title"],
        "code_meaning": say["payment"]["code_meaning"],
        "code_alt": say["payment"]["code_alt"],
    }


def printable(value: Any, key: str = "") -> Any:
    """Every text in composed form, without invisible characters, and with places to break over-long words.

    Only over-long ones: the zero-width space would come along when a debtor copies the word.
    """
    if isinstance(value, dict):
        return {name: printable(entry, name) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [printable(entry, key) for entry in value]
    if not isinstance(value, str) or key in ("code", "logo", "signature_picture"):
        return value
    if value.isascii() and value.isprintable():
        return value if key in ("keywords", "title") else _LONG_WORD.sub(_break_up, value)
    text = _composed(value)
    return text if key in ("keywords", "title") else _LONG_WORD.sub(_break_up, text)


@lru_cache(maxsize=4096)
def _composed(value: str) -> str:
    """A text without what cannot be printed; kept, since most of what stands on a letter stands on the next one, too."""
    composed = unicodedata.normalize("NFC", value).translate(_DIGRAPHS)
    return "".join(letter for letter in composed if _is_printable(letter))


def _is_printable(letter: str) -> bool:
    return letter in "\n\u200b" or unicodedata.category(letter) not in _INVISIBLE


def _break_up(word: re.Match[str]) -> str:
    """Zero-width spaces where a table cell or an address line may break: after separators, else every twelve."""
    return _LONG_RUN.sub(
        lambda run: run[0] + "\u200b", _SEPARATOR.sub(lambda mark: mark[0] + "\u200b", word[0])
    )
