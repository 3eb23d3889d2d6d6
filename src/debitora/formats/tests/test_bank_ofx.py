"""OFX in both notations, with the looseness of banks; and what is refused."""

from __future__ import annotations

from datetime import date
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.fields import MAX_TEXT
from debitora.formats.bank.ofx import is_ofx, read_ofx
from debitora.formats.bank.statements import Line, Reach, Statement

SGML = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
ACCOUNT = "<BANKACCTFROM><BANKID>37040044<ACCTID>0532 013000<ACCTTYPE>CHECKING</BANKACCTFROM>"
BALANCE = "<LEDGERBAL><BALAMT>1234.50<DTASOF>20260303120000.000[+1:CET]</LEDGERBAL>"


def movement(amount: str = "10.00", day: str = "20260302", more: str = "") -> str:
    return f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>F-1{more}</STMTTRN>\n"


def ofx(
    *movements: str,
    account: str = ACCOUNT,
    currency: str = "EUR",
    balance: str = BALANCE,
    kind: str = "STMTRS",
) -> str:
    inside = f"<CURDEF>{currency}{account}<BANKTRANLIST>{''.join(movements)}</BANKTRANLIST>{balance}"
    return f"{SGML}<OFX><BANKMSGSRSV1><STMTTRNRS><{kind}>{inside}</{kind}></STMTTRNRS></BANKMSGSRSV1></OFX>"


def only(text: str, encoding: str = "utf-8") -> Statement:
    found = read_ofx(text.encode(encoding))
    assert list(found.faults) == []
    (one,) = found
    return one


def codes(text: str) -> list[tuple[str, int]]:
    found = read_ofx(text.encode())
    assert not found.statements
    return [(fault.code.value, fault.line) for fault in found.faults]


def test_a_statement_is_read_with_all_that_it_says() -> None:
    more = "<DTAVAIL>20260303<NAME>Muster &amp; Co<MEMO>Invoice  4711\n<BANKACCTTO><BANKID>BYLA<ACCTID>42 7</BANKACCTTO>"
    one = only(ofx(movement("+1234,5", "20260302093000[-5:EST]", more)))
    assert (one.account, one.currency, one.reach, one.place) == ("0532013000", "EUR", Reach.EXPORT, 7)
    assert (one.opening_minor, one.closing_minor, one.closed_on) == (None, 123_450, date(2026, 3, 3))
    assert one.lines == (
        Line(
            place=7,
            booked_on=date(2026, 3, 2),
            minor=123_450,
            valued_on=date(2026, 3, 3),
            name="Muster & Co",
            account="427",
            bank="BYLA",
            text="Invoice 4711",
            bank_reference="F-1",
            code="CREDIT",
        ),
    )


def test_xml_says_the_same_as_sgml() -> None:
    sgml = ofx(movement("-1.00", more="<NAME>A"), balance="")
    xml = sgml.replace(SGML, XML)
    for name in ("CURDEF", "BANKID", "ACCTID", "ACCTTYPE", "TRNTYPE", "DTPOSTED", "TRNAMT", "FITID", "NAME"):
        start = xml.index(f"<{name}>")
        end = xml.index("<", start + 1)
        xml = f"{xml[:end]}</{name}>{xml[end:]}"
    (line,), (same,) = only(sgml).lines, only(xml).lines
    assert (
        (line.minor, line.name, line.booked_on)
        == (same.minor, same.name, same.booked_on)
        == (-100, "A", date(2026, 3, 2))
    )


def test_cards_and_several_accounts_are_read() -> None:
    card = "<CCACCTFROM><ACCTID>4711</CCACCTFROM>"
    first, second = ofx(movement()), ofx(movement("-3.00"), account=card, kind="CCSTMTRS").replace(SGML, "")
    both = first.replace("</OFX>", "") + second.replace("<OFX>", "")
    found = read_ofx(both.encode())
    assert [(each.account, each.moved_minor) for each in found] == [("0532013000", 1000), ("4711", -300)]


def test_groups_that_do_not_end_are_ended_by_what_follows() -> None:
    loose = (
        ofx(movement("1.00", more="<NAME>A"), movement("2.00", more="<NAME>B"))
        .replace("</STMTTRN>", "")
        .replace("</BANKTRANLIST>", "")
    )
    one = only(loose)
    assert [(line.minor, line.name) for line in one.lines] == [(100, "A"), (200, "B")]
    assert one.closing_minor == 123_450


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
def test_letters_are_read_whatever_the_header_declares(encoding: str) -> None:
    assert only(ofx(movement(more="<NAME>Müller")), encoding).lines[0].name == "Müller"


def test_a_code_page_that_is_declared_is_taken() -> None:
    text = ofx(movement(more="<NAME>Łódź")).replace("CHARSET:1252", "CHARSET:1250")
    assert only(text, "cp1250").lines[0].name == "Łódź"


def test_the_currency_may_stand_at_the_movements_alone() -> None:
    foreign = movement(more="<CURRENCY><CURRATE>1.0<CURSYM>AUD</CURRENCY>")
    assert only(ofx(foreign, currency="", balance="")).currency == "AUD"
    assert codes(ofx(foreign, balance="")) == [("bank_rule", 7)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ofx(movement("$120")), "amount_unreadable"),
        (ofx(movement("1.005")), "amount_unreadable"),
        (ofx(movement("1,234.56")), "amount_unreadable"),
        (ofx(movement("")), "amount_missing"),
        (ofx(movement("9" * 15)), "amount_too_large"),
        (ofx(movement(day="20260231")), "date_impossible"),
        (ofx(movement(day="2.3.2026")), "date_unreadable"),
        (ofx(movement(day="")), "bank_rule"),
        (ofx(account=""), "statement_fragment"),
        (ofx(currency=""), "statement_fragment"),
        (ofx(currency="XXX"), "currency_unknown"),
        (ofx(kind="INVSTMTRS"), "not_a_statement"),
    ],
)
def test_what_is_wrong_names_its_line(text: str, code: str) -> None:
    assert codes(text) == [(code, 7)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{SGML}<OFX></OFX>", "statement_fragment"),
        (ofx(movement())[:-60], "bank_rule"),
        (f'<!DOCTYPE OFX [<!ENTITY a "b">]>{ofx(movement())}', "bank_rule"),
    ],
)
def test_what_is_broken_is_refused(text: str, code: str) -> None:
    ((found, _),) = codes(text)
    assert found == code


def test_an_ofx_file_is_known_by_its_header_or_its_root() -> None:
    assert [is_ofx(text.encode()) for text in (SGML, XML, "\n\n<ofx>", "<OFXFORD>", "Date;Amount")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_text_is_cut() -> None:
    assert len(only(ofx(movement(more="<MEMO>" + "a" * 10_000_000))).lines[0].text) == MAX_TEXT


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40)


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), WORDS), max_size=6))
def test_what_is_written_is_read_back(lines: list[tuple[int, str]]) -> None:
    movements = [
        movement(
            f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}",
            more=f"<MEMO>{escape(words)}",
        )
        for minor, words in lines
    ]
    assert [(line.minor, line.text) for line in only(ofx(*movements)).lines] == [
        (minor, " ".join(words.split())) for minor, words in lines
    ]
