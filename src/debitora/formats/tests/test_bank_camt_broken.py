"""camt messages that are broken, hostile, or no camt messages: refused with a rule and a place, or read within bounds."""

from __future__ import annotations

import pytest

from debitora.formats.bank.camt import read_camt
from debitora.formats.bank.fields import MAX_TEXT
from debitora.formats.bank.statements import BankFile, Statement
from debitora.formats.tests.camt_messages import details, entry, message, path, statement, tag


def only(data: bytes) -> Statement:
    """The statement of a message that has one and no fault."""
    found = read_camt(data)
    assert list(found.faults) == []
    (one,) = found
    return one


def rules(found: BankFile) -> list[str]:
    return [dict(fault.params).get("rule", "") for fault in found.faults]


LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "/etc/passwd">]>'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_document_that_declares_anything_is_refused(declared: str, encoding: str) -> None:
    data = message(statement(), before=declared).decode().replace(' encoding="UTF-8"', "").encode(encoding)
    found = read_camt(data)
    assert (found.statements, rules(found)) == ((), ["declarations"])


def test_xml_that_breaks_off_names_the_line() -> None:
    data = message(statement([entry("1.00")], closing="1.00")).replace(b"</Ntry>", b"\n</Ntry>\n")
    found = read_camt(data[: data.index(b"</Ntry>") + 2])
    assert (rules(found), [fault.line for fault in found.faults]) == (["xml"], [3])


def test_another_message_is_no_statement() -> None:
    order = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn/></Document>'
    assert [fault.code.value for fault in read_camt(order).faults] == ["not_a_statement"]


def test_letters_that_do_not_fit_the_declared_encoding_are_read_by_the_code_page() -> None:
    data = message(statement([entry("1.00", tag("AddtlNtryInf", "Gebühr für März"))], closing="1.00"))
    assert only(data.decode().encode("cp1252")).lines[0].text == "Gebühr für März"


def test_a_text_is_cut_and_one_without_end_refused() -> None:
    def of(size: int) -> bytes:
        return message(
            statement([entry("1.00", details(path("RmtInf/Ustrd", "ab " * size)))], closing="1.00")
        )

    assert len(only(of(1_000_000)).lines[0].text) in (MAX_TEXT - 1, MAX_TEXT)
    assert rules(read_camt(of(4_000_000))) == ["xml"]


def test_very_many_texts_of_one_payment_take_no_time() -> None:
    many = tag("RmtInf", tag("Ustrd", "a" * 140) * 50_000)
    assert (
        len(only(message(statement([entry("1.00", details(many))], closing="1.00"))).lines[0].text)
        <= MAX_TEXT
    )
