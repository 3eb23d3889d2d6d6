"""Small valid files of text formats, written from statements, and statements that Hypothesis draws: what was written is read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from debitora.formats.bank.statements import Line, Reach, Statement

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2050, 12, 31)
WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789", max_size=20).map(lambda text: " ".join(text.split()))
DAYS = st.dates(FIRST_DAY, LAST_DAY)
MINOR = st.integers(1, 10**10).flatmap(lambda minor: st.sampled_from([minor, -minor]))


@st.composite
def statements(draw: st.DrawFn, *, account: str, currency: str = "EUR") -> Statement:
    """A statement that ties, with up to five movements of a day, an amount and a text each."""
    day = draw(DAYS)
    lines = [
        Line(place=0, booked_on=day, minor=draw(MINOR), valued_on=day, text=draw(WORDS))
        for _ in range(draw(st.integers(0, 5)))
    ]
    opening = draw(MINOR)
    bare = Statement(
        account, currency, Reach.BOOKED, tuple(lines), opening_minor=opening, opened_on=day, closed_on=day
    )
    return replace(bare, closing_minor=opening + bare.moved_minor)


def told_by(statement: Statement) -> tuple[object, ...]:
    """What every format tells of a statement: that must come back."""
    lines = [(line.booked_on, line.minor, line.text) for line in statement.lines]
    return statement.account, statement.currency, statement.opening_minor, statement.closing_minor, lines


def write_mt940(*statements: Statement) -> bytes:
    """The statements as MT940, their texts in numbered parts."""
    return "".join(_mt940(number, each) for number, each in enumerate(statements, start=1)).encode()


def _mt940(number: int, statement: Statement) -> str:
    fields = [
        ":20:STARTUMS",
        f":25:{statement.account}",
        f":28C:{number}/1",
        f":60F:{_swift_balance(statement.opening_minor, statement.opened_on, statement.currency)}",
        *(field for line in statement.lines for field in _movement(line)),
        f":62F:{_swift_balance(statement.closing_minor, statement.closed_on, statement.currency)}",
        "-",
    ]
    return "\r\n".join(fields) + "\r\n"


def _movement(line: Line) -> list[str]:
    side = "C" if line.minor > 0 else "D"
    first = f":61:{line.booked_on:%y%m%d%m%d}{side}{_swift_amount(line.minor)}NTRFNONREF"
    return [first, f":86:166?00GUTSCHRIFT?20SVWZ+{line.text}?32PAYER"] if line.text else [first]


def _swift_balance(minor: int | None, day: date | None, currency: str) -> str:
    return f"{'D' if (minor or 0) < 0 else 'C'}{day or FIRST_DAY:%y%m%d}{currency}{_swift_amount(minor or 0)}"


def _swift_amount(minor: int) -> str:
    return f"{abs(minor) // 100},{abs(minor) % 100:02}"
