"""MT940 and MT942: movements, signs, balances and pages; texts in the styles of banks; what is a fragment."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.fields import MAX_TEXT
from debitora.formats.bank.mt940 import read_mt940
from debitora.formats.bank.mt940_text import Told, read_text
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.faults import FaultCode
from debitora.formats.tests.bank_files import statements, told_by, write_mt940

HEAD = ":20:STARTUMS\n:25:DE02120300000000202051\n:28C:7/1\n:60F:C260301EUR100,00\n"


def read(body: str, *, head: str = HEAD, tail: str = "-\n") -> BankFile:
    return read_mt940(f"{head}{body}{tail}".encode())


def only_line(movement: str, text: str = "") -> Line:
    """The line of one movement, whatever the statement then comes to."""
    (statement,) = read(f":61:{movement}\n{text}:62F:C260302EUR0,00\n")
    (line,) = statement.lines
    return line


def codes(file: BankFile) -> list[tuple[FaultCode, int]]:
    return [(one.code, one.line) for one in file.faults]


@given(st.lists(statements(account="DE02120300000000202051"), min_size=1, max_size=3))
def test_what_was_written_is_read_back(written: list[Statement]) -> None:
    file = read_mt940(write_mt940(*written))
    assert file.reading is Reading.MT940
    assert not file.faults
    assert [told_by(each) for each in file] == [told_by(each) for each in written]


@pytest.mark.parametrize(
    ("movement", "minor", "reversal"),
    [
        ("2603020302C12,50NTRFNONREF", 1250, False),
        ("2603020302D12,5NTRFNONREF", -1250, False),
        ("2603020302RC12,NTRFNONREF", -1200, True),
        ("2603020302RD0012,50NTRFNONREF", 1250, True),
        ("2603020302CR12,50NTRFNONREF", 1250, False),  # the last letter of the currency
        ("2603020302RDR12,50NTRFNONREF", 1250, True),
        ("260302C12NTRFNONREF", 1200, False),
    ],
)
def test_side_and_reversal_give_the_sign(movement: str, minor: int, reversal: bool) -> None:
    line = only_line(movement)
    assert (line.minor, line.reversal) == (minor, reversal)


@pytest.mark.parametrize(
    ("digits", "booked", "valued"),
    [
        ("2603010302", date(2026, 3, 2), date(2026, 3, 1)),
        ("2601021230", date(2025, 12, 30), date(2026, 1, 2)),
        ("2512310102", date(2026, 1, 2), date(2025, 12, 31)),
        ("260302", date(2026, 3, 2), date(2026, 3, 2)),
        ("260302    ", date(2026, 3, 2), date(2026, 3, 2)),
        ("2602300302", date(2026, 3, 2), date(2026, 2, 28)),
        ("2402300302", date(2024, 3, 2), date(2024, 2, 29)),
    ],
)
def test_the_booking_day_takes_the_nearest_year(digits: str, booked: date, valued: date) -> None:
    line = only_line(f"{digits}C1,00NMSCNONREF")
    assert (line.booked_on, line.valued_on) == (booked, valued)


def test_a_movement_tells_references_fee_and_original_sum() -> None:
    line = only_line("2603020302C95,50NTRFRE-4711//BANK-1\n/OCMT/USD110,00/CHGS/EUR4,50")
    assert (line.reference, line.bank_reference, line.code) == ("RE-4711", "BANK-1", "NTRF")
    assert (line.fee_minor, line.original_minor, line.original_currency) == (450, 11000, "USD")


NUMBERED = """166?00GUTSCHRIFT?100599?20EREF+E-1?21MREF+M-1?22SVWZ+Rechnung 4711 vom 01.0?233.2026
?30MARKDEF1100?31DE02120300000000202051?32MUSTER GMBH UND SOEHNE KOMM?33ANDITGESELLSCHAFT"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            NUMBERED,
            Told(
                text="Rechnung 4711 vom 01.03.2026",
                name="MUSTER GMBH UND SOEHNE KOMMANDITGESELLSCHAFT",
                account="DE02120300000000202051",
                bank="MARKDEF1100",
                end_to_end="E-1",
                mandate="M-1",
                code="166",
            ),
        ),
        (
            "109?00RETOURE?20EREF+NOTPROVIDED?21SVWZ+RUECKGABE AC04 KONTO A?22UFGELOEST?34901",
            Told(text="RUECKGABE AC04 KONTO AUFGELOEST", return_reason="AC04", code="109"),
        ),
        ("109?00RETOURE?20Konto?34901", Told(text="Konto", return_reason="901", code="109")),
        (
            "/TRTP/SEPA OVERBOEKING/IBAN/NL57INGB0001212121/BIC/INGBNL2A/NAME/CAFE/REMI/897789/EREF/NOTPROVIDED",
            Told(text="897789", name="CAFE", account="NL57INGB0001212121", bank="INGBNL2A"),
        ),
        (
            "/EREF/E-2//CNTP/NL57INGB0001212121/INGBNL2A/CAFE///REMI/USTD//Factuur 12/",
            Told(
                text="Factuur 12",
                name="CAFE",
                account="NL57INGB0001212121",
                bank="INGBNL2A",
                end_to_end="E-2",
            ),
        ),
        ("/ORDP//NAME/CAFE/REMI/STRD/CUR/1234567890123452/", Told(name="CAFE", reference="1234567890123452")),
        (
            "SEPA OVERBOEKING                 IBAN: NL57INGB0001212121\nBIC: INGBNL2A   NAAM: CAFE\nOMSCHRIJVING: 897789",
            Told(text="897789", name="CAFE", account="NL57INGB0001212121", bank="INGBNL2A"),
        ),
        ("a plain\ntext", Told(text="a plain text")),
        ("", Told()),
    ],
)
def test_the_styles_of_banks_tell_the_same(text: str, told: Told) -> None:
    assert read_text(text) == told


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("x" * 65, "yz", "x" * 65 + "yz"),
        ("x" * 61, "yz", "x" * 61 + "yz"),
        ("x" * 40, "yz", "x" * 40 + " yz"),
    ],
)
def test_a_full_line_runs_on(first: str, second: str, whole: str) -> None:
    assert read_text(f"{first}\n{second}").text == whole


@pytest.mark.parametrize(
    ("before", "after", "end"),
    [
        ("", "", ""),
        ("{1:F01BANKDEFFAXXX0000000000}{2:I940BANKDEFFXXXXN}{4:\n", "", "-}{5:}\n"),
        ("BANKNL2A\n940\nBANKNL2A\n", "", "-\n"),
        (":940:\n", "\n", ""),
        ("\ufeff", "", "-XXX\nnotes of the bank"),
        ("\x01", "", "-\x03"),
        ("0000 01BANKNL2AXXXX00001\n940 00\n", "", ""),
    ],
)
def test_dialects_around_a_message_change_nothing(before: str, after: str, end: str) -> None:
    text = ":61:2603020302C1,00NTRFNONREF\n:86:hello\n:62F:C260302EUR101,00\n:86:of the whole statement\n"
    plain = read(text)
    assert not plain.faults
    for line_end in ("\n", "\r\n", "\r"):
        raw = f"{before}{HEAD}{after}{text}{end}".replace("\n", line_end)
        file = read_mt940(raw.encode())
        assert not file.faults
        assert [told_by(each) for each in file] == [told_by(each) for each in plain]


def test_a_dash_or_a_time_that_begins_a_line_of_text_is_text() -> None:
    line = only_line("2603020302C1,00NTRFNONREF", ":86:until 20\n:20:15\n-\nlate\n")
    assert line.text == "until 20 :20:15 - late"


PAGES = """:20:A
:25:123
:28C:7/1
:60F:C260301EUR100,00
:61:260302C1,00NTRFNONREF
:62M:C260302EUR101,00
-
:20:A
:25:123
:28C:7/2
:60M:C260302EUR101,00
:61:260303D2,00NTRFNONREF
:62F:C260303EUR99,00
-
"""


def test_pages_that_follow_each_other_are_one_statement() -> None:
    file = read_mt940(PAGES.encode())
    (statement,) = file
    assert not file.faults
    assert (statement.opening_minor, statement.closing_minor, len(statement.lines)) == (10_000, 9_900, 2)
    assert statement.closed_on == date(2026, 3, 3)


def test_a_page_that_is_missing_is_named_with_the_difference() -> None:
    file = read_mt940(
        PAGES.replace(":60M:C260302EUR101,00", ":60M:C260302EUR111,00").replace("99,00", "109,00").encode()
    )
    (said,) = file.faults
    assert (said.code, said.line, dict(said.params)) == (
        FaultCode.PAGES_APART,
        8,
        {"difference": "10.00 EUR"},
    )
    assert len(file.statements) == 2


@pytest.mark.parametrize("half", [slice(0, 7), slice(7, None)])
def test_half_of_the_pages_is_not_taken_for_the_whole(half: slice) -> None:
    lines = PAGES.splitlines(keepends=True)[half]
    (said,) = read_mt940("".join(lines).encode()).faults
    assert (said.code, dict(said.params)) == (FaultCode.PAGES_APART, {"difference": ""})


def test_a_statement_that_does_not_tie_is_read_and_says_so() -> None:
    file = read(":61:2603020302C1,00NTRFNONREF\n:62F:C260302EUR99,00\n")
    (said,) = file.faults
    assert (said.code, said.line, dict(said.params)) == (
        FaultCode.STATEMENT_UNTIED,
        1,
        {"difference": "-2.00 EUR"},
    )
    assert len(file.statements) == 1
    assert not file.faults.hindering


def test_several_texts_behind_a_movement_are_one() -> None:
    assert only_line("2603020302C1,00NTRFNONREF", ":86:first\n:86:second\n").text == "first second"


INTERIM = ":20:A\n:25:123\n:28C:1\n:34F:EURD0,00\n:13D:2603021200+0100\n:61:260302C1,50NTRFNONREF\n:61:260302D1,00NTRFNONREF\n"


def test_movements_of_the_day_have_no_balances() -> None:
    file = read_mt940((INTERIM + ":90D:1EUR1,00\n:90C:1EUR1,50\n-\n").encode())
    (statement,) = file
    assert (file.reading, statement.reach, statement.moved_minor) == (Reading.MT942, Reach.INTERIM, 50)
    assert (statement.opening_minor, statement.difference_minor) == (None, None)
    assert not file.faults


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        (":34F:EURD0,00\n", "", FaultCode.STATEMENT_FRAGMENT, 1),
        (":34F:EUR", ":34F:DEM", FaultCode.CURRENCY_UNKNOWN, 4),
        (":34F:EURD0,00", ":34F:none", FaultCode.BANK_RULE, 4),
        (":13D:2603021200+0100", ":90C:none", FaultCode.BANK_RULE, 5),
        (":25:123\n", "", FaultCode.STATEMENT_FRAGMENT, 1),
    ],
)
def test_a_broken_message_of_the_day_is_refused(old: str, new: str, code: FaultCode, line: int) -> None:
    file = read_mt940(INTERIM.replace(old, new).encode())
    assert not file.statements
    assert codes(file) == [(code, line)]


def test_the_sums_of_the_day_name_the_currency_where_no_limit_does() -> None:
    file = read_mt940((INTERIM.replace(":34F:EURD0,00\n", "") + ":90C:1EUR1,50\n").encode())
    assert [each.currency for each in file] == ["EUR"]


def test_sums_of_the_day_are_compared() -> None:
    file = read_mt940((INTERIM + ":90D:2EUR3,00\n-\n").encode())
    told = [dict(one.params) for one in file.faults]
    assert told == [
        {"total": "lines", "told": "2", "found": "1"},
        {"total": "sum", "told": "3.00 EUR", "found": "1.00 EUR"},
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", FaultCode.EMPTY_FILE, 0),
        (" \n\n\x1a", FaultCode.EMPTY_FILE, 0),
        ("a licence", FaultCode.STATEMENT_FRAGMENT, 0),
        (":86:text\n-", FaultCode.STATEMENT_FRAGMENT, 1),
        (":20:A\n:25:123\n:60F:C260301EUR1,00\n", FaultCode.STATEMENT_FRAGMENT, 1),
        (":20:A\n:60F:C260301EUR1,00\n:62F:C260301EUR1,00\n", FaultCode.STATEMENT_FRAGMENT, 1),
        (HEAD + ":62F:C260302EUR100,00\n:62F:C260303EUR100,00", FaultCode.BANK_RULE, 6),
        (HEAD + ":62F:C261131EUR100,00", FaultCode.DATE_IMPOSSIBLE, 5),
        (HEAD + ":62F:C260302USD100,00", FaultCode.BANK_RULE, 1),
        (HEAD + ":62F:C260302EUR100.00", FaultCode.BANK_RULE, 5),
        (HEAD + ":62F:C260302EUR100,001", FaultCode.AMOUNT_UNREADABLE, 5),
        (HEAD + ":62F:C260302EUR" + "9" * 20 + ",00", FaultCode.AMOUNT_TOO_LARGE, 5),
        (HEAD.replace("EUR", "DEM") + ":62F:C260302DEM100,00", FaultCode.CURRENCY_UNKNOWN, 4),
        (HEAD + ":61:hello\n:62F:C260302EUR100,00", FaultCode.BANK_RULE, 5),
        (HEAD + ":61:2603021399C1,00NTRF\n:62F:C260302EUR100,00", FaultCode.DATE_IMPOSSIBLE, 5),
    ],
)
def test_what_is_no_whole_statement_is_refused_by_code_and_line(
    text: str, code: FaultCode, line: int
) -> None:
    file = read_mt940(text.encode())
    assert not file.statements
    assert codes(file) == [(code, line)]


@given(
    st.binary(max_size=200)
    | st.text(":{}-0123456789CDEUR,\n?/", max_size=200).map(lambda text: HEAD.encode() + text.encode())
)
def test_nothing_raises_and_nothing_is_silent(data: bytes) -> None:
    file = read_mt940(data)
    assert file.statements or file.faults


@pytest.mark.parametrize("letters", ["x", "?20"])
def test_ten_megabytes_of_text_are_cut(letters: str) -> None:
    text = letters * (10_000_000 // len(letters))
    begin = time.process_time()
    file = read(f":61:2603020302C1,00NTRFNONREF\n:86:{text}\n:62F:C260302EUR101,00\n")
    assert time.process_time() - begin < 20
    assert all(len(line.text) <= MAX_TEXT for each in file for line in each.lines)


def test_what_stands_below_a_closing_balance_is_no_part_of_it() -> None:
    first = f"{HEAD}:62F:C260302EUR100,00\nBANKNL2A\n940\n"
    assert not read_mt940(f"{first}{HEAD}:62F:C260302EUR100,00\nend of file\n".encode()).faults
