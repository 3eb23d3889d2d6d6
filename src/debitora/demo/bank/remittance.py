"""What payers write into a transfer, and what their banks leave of it.

| step | share | what becomes of `Rechnung RE26-00471 vom 03.04.2026` |
| --- | --- | --- |
| a habit of the payer | `TOLD` | numbers, numbers and customer number, customer number only, nothing |
| ... and of writing them | `SHAPES` | RE26-00471, RE 26-00471, re26/00471, 26-00471, 471, RE26-000471 |
| some | `SOME` of lumps of four and more | the first two numbers and "u.a." |
| a typing error | `MISTYPED` of numbers | RE26-00417, RE26-0471 |
| letters | `CHARSETS` | as written, capitals, Ä as AE, Ä lost |
| line ends | `BROKEN` | a blank after every 27 or 35 characters, also within numbers |
| MT940 marks | `MARKED` | EREF+NOTPROVIDED SVWZ+Rechnung ... |
| cut | always | 140 characters, 70 or 35 of a name (SEPA, EPC 115-06) |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from debitora.demo.bank.chances import happens, pick

TOLD: Final = {"numbers": 74, "both": 10, "customer": 6, "nothing": 10}
SHAPES: Final = {
    "printed": 60,
    "spaced": 10,
    "slashed": 6,
    "bare": 9,
    "short": 6,
    "padded": 4,
    "run_together": 5,
}
CHARSETS: Final = {"as_written": 50, "capitals": 20, "capitals_ae": 12, "ae": 10, "lost": 8}
BROKEN: Final = {0: 88, 27: 8, 35: 4}
"""Characters of a line at whose end the bank puts a blank; 0 is none."""
MARKED: Final = 60
DATED: Final = 250
PRICED: Final = 100
SOME: Final = 300
MISTYPED: Final = 12
LONGEST: Final = 140

WORDS: Final = {
    "de": ("Rechnung", "RG", "Rg.-Nr.", "Rechnungsnr.", "Re.", "Zahlung Rechnung", ""),
    "en": ("Invoice", "INV", "Invoice no.", "payment of invoice", ""),
    "nl": ("Factuur", "factuurnr.", "Betaling factuur", ""),
    "fr": ("Facture", "FACT", "Facture no", "Reglement facture", ""),
}
SILENT: Final = {
    "de": ("Zahlung", "Ueberweisung", "offene Rechnungen", "Danke", "Rechnung", "lt. Aufstellung", ""),
    "en": ("payment", "invoices as listed", "thank you", ""),
    "nl": ("betaling", "diverse facturen", ""),
    "fr": ("reglement", "factures diverses", "virement", ""),
}
CUSTOMER: Final = {
    "de": ("Kd.Nr.", "Kundennummer", "KdNr", "Kunde"),
    "en": ("customer", "acct", "your ref"),
    "nl": ("klantnr.", "debiteur"),
    "fr": ("client", "no client"),
}
NOTES: Final = {
    "part": {"de": "Teilzahlung", "en": "part payment", "nl": "deelbetaling", "fr": "acompte"},
    "rest": {"de": "Restzahlung", "en": "balance", "nl": "restant", "fr": "solde"},
    "discount": {"de": "abzgl. Skonto", "en": "less discount", "nl": "minus korting", "fr": "escompte deduit"},
    "advance": {"de": "Anzahlung", "en": "advance payment", "nl": "aanbetaling", "fr": "acompte commande"},
    "refund": {"de": "Erstattung Guthaben", "en": "refund of credit", "nl": "terugbetaling", "fr": "avoir"},
}  # fmt: skip

_AE: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "ss", "é": "e", "à": "a"}
)
_LOST: Final = str.maketrans(dict.fromkeys("äöüÄÖÜßéà", " "))


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody writes transfers, and what the bank that sends them leaves of it."""

    language: str
    told: str  # one of TOLD
    shape: str  # one of SHAPES
    charset: str  # one of CHARSETS
    width: int  # one of BROKEN
    longest_name: int
    is_marked: bool
    is_dated: bool
    is_priced: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a payment is for: its number, day and what is paid of it, in minor units."""

    number: str
    day: date
    minor: int


@dataclass(frozen=True, slots=True)
class Written:
    """A text as the bank tells it, and which of TOLD's kinds of it is true: with `some` where numbers were left out or cut
    off, `mistyped` where one is wrong."""

    text: str
    told: str


def manner(rng: Random, language: str) -> Manner:
    """Draw the habits of a payer."""
    return Manner(
        language=language,
        told=pick(rng, TOLD),
        shape=pick(rng, SHAPES),
        charset=pick(rng, CHARSETS),
        width=pick(rng, BROKEN),
        longest_name=70 if happens(rng, 700) else 35,
        is_marked=happens(rng, MARKED),
        is_dated=happens(rng, DATED),
        is_priced=happens(rng, PRICED),
    )


def write(
    rng: Random,
    manner: Manner,
    documents: Sequence[Named],
    *,
    customer_number: str,
    note: str = "",
    end_to_end: str = "",
) -> Written:
    """Write what the payment is for. `note` is one of NOTES or nothing."""
    hint = NOTES[note][manner.language] if note else ""
    if manner.told == "nothing" or (manner.told == "customer" and not documents):
        return Written(
            told_by_bank(manner, f"{rng.choice(SILENT[manner.language])} {hint}", end_to_end), "nothing"
        )
    customer = f"{rng.choice(CUSTOMER[manner.language])} {customer_number}"
    if manner.told == "customer" or not documents:
        return Written(told_by_bank(manner, f"{customer} {hint}", end_to_end), "customer")
    listed, told = _listed(rng, manner, documents)
    ahead = f"{customer} " if manner.told == "both" else ""
    text = told_by_bank(manner, f"{ahead}{rng.choice(WORDS[manner.language])} {listed} {hint}", end_to_end)
    return Written(text, "some" if len(text) >= LONGEST and told != "mistyped" else told)


def told_by_bank(manner: Manner, text: str, end_to_end: str = "") -> str:
    """Return what arrives of a text."""
    text = " ".join(text.split())
    if manner.is_marked:
        text = f"EREF+{end_to_end or 'NOTPROVIDED'} SVWZ+{text}"
    text = in_charset(text, manner.charset)[:LONGEST]
    if manner.width:
        text = " ".join(text[at : at + manner.width] for at in range(0, len(text), manner.width))
    return " ".join(text.split())


def in_charset(text: str, charset: str) -> str:
    """Return the text in the letters that a bank can write."""
    if charset == "lost":
        return text.translate(_LOST)
    text = text.translate(_AE) if charset in ("ae", "capitals_ae") else text
    return text.upper() if charset.startswith("capitals") else text


def shaped(number: str, shape: str) -> str:
    """Return a document's number as payers write it; `number` is as printed, as RE26-00471."""
    letters, digits = number[:2], number[2:]
    year, _, serial = digits.partition("-")
    shapes = {
        "printed": number,
        "spaced": f"{letters} {digits}",
        "slashed": f"{letters.lower()}{year}/{serial}",
        "bare": digits,
        "short": serial.lstrip("0"),
        "padded": f"{letters}{year}-0{serial}",
        "run_together": f"{letters}{year}{serial}",
    }
    return shapes[shape]


def mistyped(rng: Random, number: str) -> str:
    """Return the number with one digit wrong, missing, or two neighbours exchanged."""
    at = rng.randrange(max(len(number) - 4, 0), len(number) - 1)
    one, two = number[at], number[at + 1]
    wrong = rng.choice("0123456789".replace(one, ""))
    swapped = two + one if one != two else wrong + two
    return number[:at] + rng.choice((swapped, wrong + two, two)) + number[at + 2 :]


def _listed(rng: Random, manner: Manner, documents: Sequence[Named]) -> tuple[str, str]:
    """The documents as a list, and what is true of it: all numbers, some, or one mistyped."""
    is_short = len(documents) > 3 and happens(rng, SOME)
    shown = documents[:2] if is_short else documents
    is_wrong = happens(rng, MISTYPED * len(shown))
    wrong = rng.randrange(len(shown)) if is_wrong else -1
    told = [_document(rng, manner, one, is_wrong=place == wrong) for place, one in enumerate(shown)]
    mark = rng.choice((", ", " ", "/", " + ", "; "))
    text = mark.join(told) + (" u.a." if is_short else "")
    return text, "mistyped" if is_wrong else "some" if is_short else manner.told


def _document(rng: Random, manner: Manner, document: Named, *, is_wrong: bool) -> str:
    number = shaped(mistyped(rng, document.number) if is_wrong else document.number, manner.shape)
    day = f" v. {document.day:%d.%m.%y}" if manner.is_dated else ""
    minus = "-" if document.minor < 0 else ""
    price = (
        f" {minus}{abs(document.minor) // 100},{abs(document.minor) % 100:02d}" if manner.is_priced else ""
    )
    return f"{number}{day}{price}"
