"""Letters for the tests of the pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from debitora.messaging.rules.girocode import Account
from debitora.messaging.rules.letter import Contact, Identity, Letter, LetterLine, LineKind, Sender
from debitora.values.money import Money

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
DUE_ON = date(2026, 10, 2)
ACCOUNT = Account("Nordlicht Werkzeuge GmbH", "DE02120300000000202051", "BYLADEM1001", "Musterbank Berlin")
SENDER = Sender(
    name="Nordlicht Werkzeuge GmbH",
    address=("Speicherstraße 14", "20457 Hamburg"),
    phone="+49 40 123456-0",
    email="buchhaltung@nordlicht.example",
    web="www.nordlicht.example",
    imprint=("Amtsgericht Hamburg, HRB 123456", "Geschäftsführung: Dr. Änne Groß", "USt-IdNr. DE123456789"),
    account=ACCOUNT,
)


def a_line(
    number: str = "RE-2026-0411", *, minor: int = 119_000, paid: int = 0, currency: str = "EUR"
) -> LetterLine:
    """A due line, 50 days overdue."""
    return LetterLine(
        number=number,
        issued_on=DUE_ON - timedelta(days=30),
        due_on=DUE_ON,
        amount=Money(minor, currency),
        paid=Money(paid, currency),
        open=Money(minor - paid, currency),
        days_overdue=50,
    )


def a_credit(minor: int = -5_000, currency: str = "EUR") -> LetterLine:
    """A credit note without a due day."""
    credit = a_line("GS-77", minor=minor, currency=currency)
    return replace(credit, kind=LineKind.CREDIT, due_on=None, days_overdue=0)


def a_letter(*lines: LetterLine, set_off: bool = False, **changes: Any) -> Letter:
    """A letter about these lines (one by default) that demands what is due, the fee, and less the credits on wish."""
    lines = lines or (a_line(),)
    fee = changes.get("fee")
    currency = lines[0].open.currency
    kinds = {LineKind.DUE, LineKind.CREDIT} if set_off else {LineKind.DUE}
    demanded = sum((line.open for line in lines if line.kind in kinds), start=fee or Money(0, currency))
    values: dict[str, Any] = {
        "identity": Identity("NORD", "01929f3c", date(2026, 11, 20)),
        "sender": SENDER,
        "recipient": ("Müller & Söhne GmbH", "Frau Anna Berger", "Königsträßchen 12 a", "80331 München"),
        "issued_on": date(2026, 11, 21),
        "customer_number": "10023",
        "notice_number": "M-2026-0815",
        "subject": "Zahlungserinnerung",
        "salutation": "Guten Tag Anna Berger,",
        "opening": ("vielleicht ist es untergegangen.",),
        "closing": ("Haben Sie inzwischen bezahlt? Dann ist dieses Schreiben für Sie erledigt.",),
        "lines": lines,
        "demanded": demanded,
        "language": "de",
        "deadline_on": date(2026, 12, 5),
        "contact": Contact("Lena Petersen", "+49 40 123456-17", "lena.petersen@nordlicht.example"),
        "place": "Hamburg",
    }
    return Letter(**{**values, **changes})
