"""A payment as a line: the transfer as meant, or with something kept or too much, and money that goes back."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from debitora.demo.bank.accounts import creditor_reference
from debitora.demo.bank.bundles import Bundle
from debitora.demo.bank.chances import happens
from debitora.demo.bank.payers import Payer
from debitora.demo.bank.remittance import Named, Written, told_by_bank, write
from debitora.demo.bank.shapes import BankLine

TAKEN: Final = 850
TAKEN_LATE: Final = 120
"""How many payers with discount terms take it within them, and after."""
RATES: Final = {"CHF": 1_062, "USD": 921}
"""Euro for a thousand, about; a bank's rate of the day is up to two percent off."""


def transfer(
    rng: Random,
    payer: Payer,
    bundle: Bundle,
    *,
    kind: str = "",
    off: int = 0,
    note: str = "",
    day: date | None = None,
) -> BankLine:
    """The line of a transfer; `off` is how much more than the bundle comes in."""
    kind = kind or _plain_kind(bundle)
    end_to_end = f"ZA{rng.randrange(10**8):08d}" if happens(rng, 400) else ""
    written, reference = _written(rng, payer, bundle, note or kind, end_to_end)
    owners = tuple(share.customer for share in bundle.shares)
    return BankLine(
        booked_on=day or bundle.paid_on,
        currency=bundle.currency,
        minor=bundle.minor + off,
        payer_name=payer.name,
        payer_iban=payer.account_on(day or bundle.paid_on),
        text=written.text,
        kind=kind,
        end_to_end=end_to_end,
        reference=reference,
        told=written.told,
        who="group" if any(owner != payer.customer for owner in owners) else payer.who,
        customer=owners[0],
        items=tuple(share.item for share in bundle.shares),
        owners=owners,
        minors=tuple(share.minor for share in bundle.shares),
        deducted_minor=max(-off, 0),
        excess_minor=max(off, 0),
    )


def _plain_kind(bundle: Bundle) -> str:
    if len(bundle.shares) > 1:
        return "net" if any(share.minor < 0 for share in bundle.shares) else "lump"
    share = bundle.shares[0]
    if share.left:
        return "part"
    return "exact" if share.minor == share.amount else "rest"


def _written(rng: Random, payer: Payer, bundle: Bundle, note: str, end_to_end: str) -> tuple[Written, str]:
    """Text and structured reference."""
    if note == "advance":
        return write(
            rng, payer.manner, (), customer_number=payer.number, note=note, end_to_end=end_to_end
        ), ""
    if payer.has_reference and len(bundle.shares) == 1:
        return Written("", "reference"), creditor_reference(bundle.shares[0].number)
    orders = payer.names_orders and all(share.reference for share in bundle.shares)
    if orders and payer.manner.told in ("numbers", "both"):
        named = ", ".join(share.reference or "" for share in bundle.shares)
        return Written(told_by_bank(payer.manner, f"Best. {named}", end_to_end), "order"), ""
    documents = [Named(share.number, share.issued_on, share.minor) for share in bundle.shares]
    says = note if note in ("part", "rest", "discount") and happens(rng, 500) else ""
    return write(
        rng, payer.manner, documents, customer_number=payer.number, note=says, end_to_end=end_to_end
    ), ""


def exchanged(rng: Random, payer: Payer, line: BankLine) -> BankLine:
    """The line on the euro account, if that is where the payer sends another currency."""
    if not payer.pays_euro or line.currency not in RATES:
        return line
    rate = RATES[line.currency] * rng.randint(980, 1_020)
    return replace(
        line, currency="EUR", minor=max(line.minor * rate // 1_000_000, 1), original_minor=line.minor,
        original_currency=line.currency, code="PMNT/RCDT/XBCT",
    )  # fmt: skip


def refund(rng: Random, payer: Payer, bundle: Bundle) -> BankLine:
    """Money that we send: in our own words."""
    numbers = ", ".join(share.number for share in bundle.shares)
    line = transfer(rng, payer, bundle, kind="refund")
    text = f"Erstattung {numbers} Kd.Nr. {payer.number}"
    return replace(line, text=text, told="ours", reference="", end_to_end=numbers[:35], code="PMNT/ICDT/ESCT")


def short_or_whole(rng: Random, payer: Payer, bundle: Bundle, accident: str) -> BankLine:
    """A transfer of which something is kept, or that is too much, or exact after all."""
    off = _off(rng, bundle, accident)
    if off:
        return transfer(rng, payer, bundle, kind=accident, off=off)
    kind, off = _discount(rng, payer, bundle)
    return transfer(
        rng, payer, bundle, kind=kind, off=off, note="discount" if kind and happens(rng, 500) else ""
    )


def _off(rng: Random, bundle: Bundle, accident: str) -> int:
    """How much more than the bundle comes in; below zero less."""
    if accident == "rounded":
        return -bundle.minor % rng.choice((100, 1_000))
    if accident == "bank_fee":
        fee = rng.randint(150, 1_500)
        return -fee if fee * 2 < bundle.minor else 0
    return _transposed(rng, bundle.minor) - bundle.minor if accident == "transposed" else 0


def _transposed(rng: Random, minor: int) -> int:
    """The amount with two of its last four digits exchanged, or itself where they are equal."""
    digits = str(minor)
    at = rng.randrange(max(len(digits) - 4, 1), len(digits) - 1) if len(digits) > 2 else 0
    return int(digits[:at] + digits[at + 1 : at + 2] + digits[at : at + 1] + digits[at + 2 :])


def _discount(rng: Random, payer: Payer, bundle: Bundle) -> tuple[str, int]:
    """What a payer with discount terms takes off, by the age of the oldest invoice."""
    if not payer.discount_percent or not bundle.is_plain:
        return "", 0
    oldest = min(share.issued_on for share in bundle.shares)
    is_late = bundle.paid_on > oldest + timedelta(days=payer.discount_days)
    if not happens(rng, TAKEN_LATE if is_late else TAKEN):
        return "", 0
    taken = sum((share.minor * payer.discount_percent + 50) // 100 for share in bundle.shares)
    return "late_discount" if is_late else "discount", -taken
