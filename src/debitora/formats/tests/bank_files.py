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


def write_norma43(*statements: Statement) -> bytes:
    """The statements as Norma 43 (euros), their texts in record 23."""
    records = [record for each in statements for record in _norma43(each)]
    return "\r\n".join([*records, f"88{'9' * 18}{len(records):06}"]).encode()


def _norma43(statement: Statement) -> list[str]:
    movements = [record for line in statement.lines for record in _spanish_movement(line)]
    sums = "".join(_spanish_sum(statement, side) for side in (-1, 1))
    return [
        f"11{statement.account}{_yymmdd(statement.opened_on) * 2}{_spanish_balance(statement.opening_minor)}9783HOLDER",
        *movements,
        f"33{statement.account}{sums}{_spanish_balance(statement.closing_minor)}978",
    ]


def _spanish_movement(line: Line) -> list[str]:
    days = _yymmdd(line.booked_on) * 2
    movement = f"22    0000{days}12345{_spanish_balance(line.minor)}{'0' * 38}"
    texts = [f"2301{line.text:38}"] if line.text else []
    return [movement, *texts]


def _spanish_balance(minor: int | None) -> str:
    return f"{'1' if (minor or 0) < 0 else '2'}{abs(minor or 0):014}"


def _spanish_sum(statement: Statement, side: int) -> str:
    minors = [abs(line.minor) for line in statement.lines if line.minor * side > 0]
    return f"{len(minors):05}{sum(minors):014}"


def _yymmdd(day: date | None) -> str:
    return f"{day or FIRST_DAY:%y%m%d}"


def _ddmmyy(day: date | None) -> str:
    return f"{day or FIRST_DAY:%d%m%y}"


def write_cfonb120(*statements: Statement) -> bytes:
    """The statements as CFONB 120, their texts in complements LIB."""
    return "\n".join(record for each in statements for record in _cfonb120(each)).encode()


def _cfonb120(statement: Statement) -> list[str]:
    bank, branch, number = statement.account[:5], statement.account[5:10], statement.account[10:]
    account = f"{bank}    {branch}{statement.currency}2 {number}  "
    lines = [record for line in statement.lines for record in _french_movement(account, line)]
    return [
        f"01{account}{_ddmmyy(statement.opened_on)}{' ' * 50}{_overpunched(statement.opening_minor)}",
        *lines,
        f"07{account}{_ddmmyy(statement.closed_on)}{' ' * 50}{_overpunched(statement.closing_minor)}",
    ]


def _french_movement(account: str, line: Line) -> list[str]:
    head = f"{account[:-2]}B1{_ddmmyy(line.booked_on)}"
    movement = f"04{head}  {_ddmmyy(line.valued_on)}{' ' * 42}{_overpunched(line.minor)}"
    return [movement, f"05{head}     LIB{line.text}"] if line.text else [movement]


def _overpunched(minor: int | None) -> str:
    digits = f"{abs(minor or 0):014}"
    return digits[:-1] + ("{ABCDEFGHI" if (minor or 0) >= 0 else "}JKLMNOPQR")[int(digits[-1])]


def write_coda(*statements: Statement) -> bytes:
    """The statements as CODA of version 2, one file record 0 to 9 for each, free communications."""
    return "\r\n".join(record.ljust(128) for each in statements for record in _coda(each)).encode()


def _coda(statement: Statement) -> list[str]:
    account = f"{statement.account:34}{statement.currency}"
    movements = [_belgian_movement(number, line) for number, line in enumerate(statement.lines, start=1)]
    paid_out, paid_in = (
        sum(abs(line.minor) for line in statement.lines if line.minor * side > 0) for side in (-1, 1)
    )
    return [
        f"00000{_ddmmyy(statement.opened_on)}30005{' ' * 8}0000000001{'HOLDER':26}KREDBEBB",
        f"12001{account}{_belgian_amount(statement.opening_minor)}{_ddmmyy(statement.opened_on)}HOLDER",
        *movements,
        f"8001{account}{_belgian_amount(statement.closing_minor)}{_ddmmyy(statement.closed_on)}",
        f"9{' ' * 15}{len(movements) + 2:06}{paid_out:014}0{paid_in:014}0",
    ]


def _belgian_movement(number: int, line: Line) -> str:
    days = _ddmmyy(line.valued_on), _ddmmyy(line.booked_on)
    return f"21{number:04}0000{'REF':21}{_belgian_amount(line.minor)}{days[0]}001500000{line.text:53}{days[1]}00100 0"


def _belgian_amount(minor: int | None) -> str:
    return f"{'1' if (minor or 0) < 0 else '0'}{abs(minor or 0):014}0"
