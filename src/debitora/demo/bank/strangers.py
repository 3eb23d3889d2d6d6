"""What stands on the account and concerns no customer: suppliers, wages, taxes, interest, fees, strays.

| kind | weight | amount | what it is |
| --- | --- | --- | --- |
| supplier | 50 | 50 to 20,000 out | a supplier is paid |
| wages | 10 | 1,800 to 4,500 out | a salary |
| taxes | 8 | 300 to 30,000 out | tax, social insurance |
| fees | 10 | 3 to 60 out | the bank's fees |
| interest | 3 | 1 to 900 in | interest |
| tax_refund | 3 | 100 to 12,000 in | money from the tax office |
| salary_return | 2 | 1,800 to 4,500 in | a salary comes back: account closed |
| supplier_refund | 6 | 20 to 3,000 in | a supplier's credit, with its own numbers |
| stray | 8 | 30 to 9,000 in | somebody pays the wrong company, naming that one's invoice |
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from debitora.demo import names
from debitora.demo.bank.accounts import iban
from debitora.demo.bank.shapes import BankLine


@dataclass(frozen=True, slots=True)
class Stranger:
    """A kind of movement: the range of its amount in minor units, the texts it may carry. {number}, {month}, {firm} are filled in."""

    kind: str
    weight: int
    least: int
    most: int
    code: str
    name: str
    texts: tuple[str, ...]
    return_reason: str = ""


STRANGERS: Final = (
    Stranger("supplier", 50, -2_000_000, -5_000, "PMNT/ICDT/ESCT", "{firm}", ("Rechnung {number}", "RE {number} KD 40017")),
    Stranger("wages", 10, -450_000, -180_000, "PMNT/ICDT/SALA", "{person}", ("Lohn/Gehalt {month}",)),
    Stranger("taxes", 8, -3_000_000, -30_000, "PMNT/ICDT/TAXS", "FINANZAMT KELDHUDE", ("USt-VA {month} StNr 99/{number}",)),
    Stranger("fees", 10, -6_000, -300, "ACMT/MDOP/CHRG", "", ("ENTGELTABSCHLUSS {month}", "Kontofuehrung")),
    Stranger("interest", 3, 100, 90_000, "ACMT/MCOP/INTR", "", ("HABENZINSEN {month}", "Zinsen Tagesgeld")),
    Stranger("tax_refund", 3, 10_000, 1_200_000, "PMNT/RCDT/ESCT", "FINANZKASSE KELDHUDE", ("ERSTATTUNG UST {month}",)),
    Stranger("salary_return", 2, 180_000, 450_000, "PMNT/ICDT/RRTN", "{person}", ("RETOURE Lohn/Gehalt {month}",), "AC04"),
    Stranger("supplier_refund", 6, 2_000, 300_000, "PMNT/RCDT/ESCT", "{firm}", ("Gutschrift {number}", "Storno RE {number}")),
    Stranger("stray", 8, 3_000, 900_000, "PMNT/RCDT/ESCT", "{firm}", ("Rechnung {number}", "Re.-Nr. {number} vom {day}", "")),
)  # fmt: skip


def strangers(rng: Random, count: int, *, since: date, until: date) -> Iterator[BankLine]:
    """Draw `count` lines on the euro account, on bank days from `since` to `until`."""
    days = [since + timedelta(days=ahead) for ahead in range((until - since).days + 1)]
    bank_days = [day for day in days if day.weekday() < 5]
    weights = [stranger.weight for stranger in STRANGERS]
    for stranger in rng.choices(STRANGERS, weights, k=count if bank_days else 0):
        yield _line(rng, stranger, rng.choice(bank_days))


def _line(rng: Random, stranger: Stranger, day: date) -> BankLine:
    serial = rng.randrange(names.VARIETY)
    told = {
        "number": f"{rng.randrange(10_000, 9_999_999)}",
        "month": f"{day:%m/%Y}",
        "day": f"{day - timedelta(days=rng.randrange(8, 60)):%d.%m.%Y}",
        "firm": names.firm(serial, language="de", country="DE", rng=rng),
        "person": names.person(serial, rng),
    }
    return BankLine(
        booked_on=day,
        currency="EUR",
        minor=rng.randint(stranger.least, stranger.most),
        payer_name=stranger.name.format_map(told),
        payer_iban=iban("DE", 50_000_000 + serial) if stranger.name else "",
        text=rng.choice(stranger.texts).format_map(told),
        kind=stranger.kind,
        code=stranger.code,
        return_reason=stranger.return_reason,
    )
