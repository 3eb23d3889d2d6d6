"""What goes wrong with payments: halves that look alike, money that comes twice or is taken back; and what is collected."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from debitora.demo.bank.bundles import Bundle
from debitora.demo.bank.chances import happens, pick
from debitora.demo.bank.payers import Payer
from debitora.demo.bank.shapes import BankLine
from debitora.demo.bank.transfers import transfer

RETURNED: Final = 60
"""How many direct debits come back."""
RETURN_REASONS: Final = {"AM04": 42, "MD06": 20, "MS03": 15, "AC04": 12, "MD01": 6, "AC06": 5}
RECALL_REASONS: Final = {"FOCR": 50, "DUPL": 30, "TECH": 20}
GIVEN_BACK: Final = 700
"""How many double payments the company pays back."""
MARGIN: Final = 6
"""Days from a payment that comes back to the one that stays, at least."""


def _twin(rng: Random, payer: Payer, bundle: Bundle, line: BankLine) -> list[BankLine]:
    if len(bundle.shares) > 1 or line.minor % 2:
        return [line]
    half = line.minor // 2
    halves = replace(line, kind="twin", minor=half, minors=(half,), end_to_end="", pair=0)
    return [halves, halves]


def _double(rng: Random, payer: Payer, bundle: Bundle, line: BankLine) -> list[BankLine]:
    """The payment, the same again, and mostly what is given back of it."""
    same_day = happens(rng, 200)
    day = line.booked_on if same_day else bank_day(line.booked_on + timedelta(days=rng.randint(5, 9)))
    line = replace(line, end_to_end="", pair=0 if same_day else None)
    again = replace(
        line, booked_on=day, kind="double", items=(), owners=(), minors=(), excess_minor=line.minor,
        deducted_minor=0,
    )  # fmt: skip
    if not happens(rng, GIVEN_BACK):
        return [line, again]
    back = replace(
        again, booked_on=bank_day(day + timedelta(days=rng.randint(4, 10))), kind="double_refund", pair=None,
        minor=-line.minor, excess_minor=-line.minor, text="Rueckzahlung Doppelzahlung", code="PMNT/ICDT/ESCT",
        told="nothing", reference="",
    )  # fmt: skip
    return [line, again, back]


def _recalled(rng: Random, payer: Payer, bundle: Bundle, line: BankLine) -> list[BankLine]:
    return [*_failed(rng, bundle, line, "recalled"), line]


MISHAPS: Final[Mapping[str, Callable[[Random, Payer, Bundle, BankLine], list[BankLine]]]] = {
    "twin": _twin,
    "double": _double,
    "recalled": _recalled,
}


def debited(rng: Random, payer: Payer, bundle: Bundle) -> list[BankLine]:
    """What we collect: in our own words. Some comes back and is transferred or collected again later."""
    share = bundle.shares[0]
    line = replace(
        transfer(rng, payer, bundle, kind="debit"),
        text=f"Rechnung {share.number} vom {share.issued_on:%d.%m.%Y} Kd.Nr. {payer.number}", told="ours", reference="",
        end_to_end=share.number, mandate=f"M-{payer.number}", code="PMNT/IDDT/ESDD",
    )  # fmt: skip
    return [*_failed(rng, bundle, line, "returned"), line] if happens(rng, RETURNED) else [line]


def _failed(rng: Random, bundle: Bundle, line: BankLine, kind: str) -> list[BankLine]:
    """A first payment and what takes it back, both before the one that stays; nothing where there is no time for them."""
    room = (bundle.paid_on - bundle.issued_on).days - 3
    if room < MARGIN:
        return []
    first = bank_day(bundle.paid_on - timedelta(days=rng.randint(MARGIN, min(room, 12))), ahead=False)
    back = bank_day(first + timedelta(days=rng.randint(1, 3)))
    reasons, code = (
        (RETURN_REASONS, "PMNT/IDDT/UPDD") if kind == "returned" else (RECALL_REASONS, "PMNT/RCDT/RRTN")
    )
    fee = rng.choice((300, 350, 500, 810)) if kind == "returned" and happens(rng, 600) else 0
    taken = replace(
        line, booked_on=back, kind=kind, minor=-line.minor - fee, minors=tuple(-minor for minor in line.minors),
        fee_minor=fee, deducted_minor=fee - line.deducted_minor, excess_minor=-line.excess_minor, code=code,
        return_reason=pick(rng, reasons),
    )  # fmt: skip
    return [replace(line, booked_on=first), taken]


def bank_day(day: date, *, ahead: bool = True) -> date:
    """Return the day, or the Monday after it (the Friday before it) where it is none; bank holidays are not observed."""
    over = day.weekday() - 4
    if over <= 0:
        return day
    return day + timedelta(days=3 - over) if ahead else day - timedelta(days=over)
