"""camt messages: every version, sides and reversals, batches, parties, remittance; and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.camt import camt_kind, read_camt
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.faults import FaultCode
from debitora.formats.tests.camt_messages import (
    CUSTOMER,
    IBAN,
    amount,
    balance,
    details,
    entry,
    message,
    path,
    statement,
    tag,
    text,
)

DEBTOR = path("RltdPties", path("Dbtr/Nm", "Muster GmbH"), path("DbtrAcct/Id/IBAN", CUSTOMER))


def only(data: bytes) -> Statement:
    """The statement of a message that has one and no fault."""
    found = read_camt(data)
    assert list(found.faults) == []
    (one,) = found
    return one


def line_of(*inside: str, value: str = "10.00", side: str = "CRDT") -> Line:
    """The line of an entry that holds this."""
    total = f"{'-' if side == 'DBIT' else ''}{value}"
    closing = balance("CLBD", value, side=side)
    one = only(
        message(statement([entry(value, *inside, side=side)], closing="", head=f"<Id>{total}</Id>{closing}"))
    )
    (line,) = one.lines
    return line


def codes(found: BankFile) -> list[tuple[str, int]]:
    return [(fault.code.value, fault.line) for fault in found.faults]


def rules(found: BankFile) -> list[str]:
    return [dict(fault.params).get("rule", "") for fault in found.faults]


def test_a_statement_is_read_with_all_that_it_says() -> None:
    paid = entry(
        "119.00",
        path("ValDt/Dt", "2026-03-03"),
        tag("AcctSvcrRef", "B-1"),
        path("BkTxCd/Domn", tag("Cd", "PMNT"), path("Fmly", tag("Cd", "RCDT"), tag("SubFmlyCd", "ESCT"))),
        details(
            path("Refs", tag("EndToEndId", "E-1"), tag("MndtId", "MD-7"))
            + DEBTOR
            + path("RltdAgts/DbtrAgt/FinInstnId/BICFI", "BYLADEM1001")
            + path("RmtInf", text("Ustrd", "Rechnung  4711\n & 4712"))
        ),
    )
    one = only(message(statement([paid], opening="100.00", closing="219.00")))
    assert (one.account, one.currency, one.reach, one.number, one.identity) == (
        IBAN,
        "EUR",
        Reach.BOOKED,
        "12",
        "S-1",
    )
    assert (one.opening_minor, one.closing_minor, one.difference_minor) == (10_000, 21_900, 0)
    assert (one.opened_on, one.closed_on, one.place) == (date(2026, 3, 2), date(2026, 3, 2), 1)
    assert one.lines == (
        Line(
            place=1,
            booked_on=date(2026, 3, 2),
            minor=11_900,
            valued_on=date(2026, 3, 3),
            name="Muster GmbH",
            account=CUSTOMER,
            bank="BYLADEM1001",
            text="Rechnung 4711 & 4712",
            end_to_end="E-1",
            mandate="MD-7",
            bank_reference="B-1",
            code="PMNT/RCDT/ESCT",
        ),
    )


@pytest.mark.parametrize("version", [f"camt.053.001.{number:02}" for number in (1, 2, 3, 4, 6, 8, 11, 14)])
def test_no_version_is_unknown(version: str) -> None:
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{version}"
    assert only(message(statement([entry("1.00")], closing="1.00"), namespace=namespace)).moved_minor == 100


def test_a_message_without_namespace_or_with_a_prefix_is_read() -> None:
    plain = message(statement([entry("1.00")], closing="1.00"), namespace="")
    prefixed = plain.replace(b"<", b"<n:").replace(b"<n:/", b"</n:").replace(b"<n:?", b"<?")
    prefixed = prefixed.replace(
        b"<n:Document>", b'<n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
    )
    assert only(plain) == only(prefixed)


@pytest.mark.parametrize(
    ("name", "inner", "reading", "reach"),
    [
        ("BkToCstmrStmt", "Stmt", Reading.CAMT053, Reach.BOOKED),
        ("BkToCstmrAcctRpt", "Rpt", Reading.CAMT052, Reach.INTERIM),
        ("BkToCstmrAcctRptV01", "Rpt", Reading.CAMT052, Reach.INTERIM),
        ("BkToCstmrDbtCdtNtfctn", "Ntfctn", Reading.CAMT054, Reach.ADVICE),
    ],
)
def test_the_element_says_what_a_message_promises(
    name: str, inner: str, reading: Reading, reach: Reach
) -> None:
    data = message(statement([entry("1.00")], closing="1.00", name=inner), name=name)
    assert (camt_kind(data), only(data).reach) == (reading, reach)
    assert camt_kind(data.decode().encode("utf-16")) == reading


def test_a_reversal_keeps_the_side_on_which_it_stands() -> None:
    returned = line_of(
        tag("RvslInd", "true"),
        details(DEBTOR + path("RtrInf/Rsn/Cd", "AC04")),
        side="DBIT",
    )
    assert (returned.minor, returned.reversal, returned.return_reason) == (-1000, True, "AC04")
    assert (returned.name, returned.account) == ("Muster GmbH", CUSTOMER)


def part(value: str, who: str, *, side: str = "") -> str:
    said = tag("CdtDbtInd", side) if side else ""
    return amount(value) + said + path("RltdPties/Dbtr/Nm", who) + path("RmtInf/Ustrd", f"Text of {who}")


def test_a_batch_whose_parts_tie_is_its_parts() -> None:
    batch = [
        tag("AcctSvcrRef", "B-9"),
        details(part("7.00", "A"), part("5.00", "B"), part("2.00", "C", side="DBIT")),
    ]
    one = only(message(statement([entry("10.00", *batch)], closing="10.00")))
    assert [(line.minor, line.name, line.batch, line.place) for line in one.lines] == [
        (700, "A", "B-9", 1),
        (500, "B", "B-9", 1),
        (-200, "", "B-9", 1),
    ]


def test_fees_and_exchanges_of_a_batch_are_not_those_of_its_parts() -> None:
    total = [tag("AmtDtls", path("InstdAmt", amount("11.00", "USD"))), tag("Chrgs", amount("1.00"))]
    first = path("AmtDtls/InstdAmt", amount("4.40", "USD")) + amount("4.00")
    one = only(message(statement([entry("10.00", *total, details(first, amount("6.00")))], closing="10.00")))
    told = [(line.minor, line.fee_minor, line.original_minor, line.original_currency) for line in one.lines]
    assert told == [(400, 0, 440, "USD"), (600, 0, 0, "")]
    alone = line_of(*total, details(path("RmtInf/Ustrd", "A")))
    assert (alone.fee_minor, alone.original_minor) == (100, 1100)


def test_the_number_of_an_entry_in_its_file_is_no_reference_of_the_bank() -> None:
    assert line_of(tag("NtryRef", "1")).bank_reference == ""
    assert (
        line_of(tag("AcctSvcrRef", "B-1"), details(path("Refs/AcctSvcrRef", "B-2"))).bank_reference == "B-2"
    )


def test_parts_tie_by_the_amounts_of_older_versions() -> None:
    parts = [path("AmtDtls/TxAmt", amount(each)) for each in ("4.00", "6.00")]
    one = only(message(statement([entry("10.00", details(*parts))], closing="10.00")))
    assert [line.minor for line in one.lines] == [400, 600]


def test_a_batch_whose_parts_do_not_tie_is_one_line_with_all_texts() -> None:
    line = line_of(details(part("7.00", "A"), part("5.00", "A")))
    assert (line.minor, line.name, line.text, line.batch) == (1000, "A", "Text of A", "")
    line = line_of(details(part("7.00", "A"), part("5.00", "B")))
    assert (line.name, line.text) == ("", "Text of A Text of B")


@pytest.mark.parametrize(
    ("payer", "behind", "name"),
    [
        ("Muster GmbH", "Tochter GmbH", "Muster GmbH"),
        ("PayPal Europe S.a.r.l.", "Muster GmbH", "Muster GmbH"),
        ("Deutsche Bank", "Muster GmbH", "Muster GmbH"),
        ("PayPal Europe S.a.r.l.", "", "PayPal Europe S.a.r.l."),
        ("", "Muster GmbH", "Muster GmbH"),
    ],
)
def test_the_payer_is_who_stands_behind_a_bank_or_a_payment_service(
    payer: str, behind: str, name: str
) -> None:
    ultimate = path("UltmtDbtr/Pty/Nm", behind) if behind else ""
    parties = path("RltdPties", path("Dbtr/Pty", text("Nm", payer)), ultimate)
    assert line_of(details(parties)).name == name


def test_the_holder_of_the_account_is_never_the_other_side() -> None:
    turned = (
        path("DbtrAcct/Id/IBAN", IBAN) + path("Cdtr/Nm", "Muster GmbH") + path("CdtrAcct/Id/IBAN", CUSTOMER)
    )
    line = line_of(details(tag("RltdPties", path("Dbtr/Nm", "Ourselves"), turned)))
    assert (line.name, line.account) == ("Muster GmbH", CUSTOMER)


def test_structured_references_come_first_and_further_ones_stay_in_the_text() -> None:
    structured = (
        tag("Strd", path("CdtrRefInf/Ref", "RF18 5390 0754 7034"), path("RfrdDocInf/Nb", "4711")),
        tag("Strd", path("CdtrRefInf/Ref", "210000000003139471430009017")),
    )
    line = line_of(details(tag("RmtInf", text("Ustrd", "Invoice"), *structured)))
    assert (line.reference, line.text) == ("RF18539007547034", "Invoice 210000000003139471430009017 4711")


@pytest.mark.parametrize("nothing", ["NOTPROVIDED", "notprovided", "NONREF"])
def test_a_reference_that_says_there_is_none_is_empty(nothing: str) -> None:
    line = line_of(tag("AcctSvcrRef", nothing), details(path("Refs/EndToEndId", nothing)))
    assert (line.end_to_end, line.bank_reference) == ("", "")


def test_the_text_of_the_entry_stands_in_for_a_missing_one() -> None:
    assert line_of(tag("AddtlNtryInf", "Account fee")).text == "Account fee"


def test_fees_and_exchanges_are_told() -> None:
    charges = tag("Chrgs", amount("3.00")) + tag("Chrgs", amount("0.50"))
    assert line_of(details(charges)).fee_minor == 350
    apart = path("Chrgs/Rcrd", amount("3.00"), tag("ChrgInclInd", "false"))
    assert line_of(details(apart)).fee_minor == 0
    exchanged = line_of(path("AmtDtls/InstdAmt", amount("1200", "JPY")), side="DBIT")
    assert (exchanged.original_minor, exchanged.original_currency) == (-1200, "JPY")


@pytest.mark.parametrize("status", ["PDNG", "<Cd>PDNG</Cd>", "<Cd>INFO</Cd>", "<Prtry>LATER</Prtry>"])
def test_what_is_not_booked_is_left_out_and_counted(status: str) -> None:
    found = read_camt(message(statement([entry("5.00", status=status), entry("1.00")], closing="1.00")))
    assert codes(found) == [("entry_pending", 1)]
    assert [line.place for line in found.statements[0].lines] == [2]


def test_an_entry_without_a_day_is_of_the_day_of_its_statement() -> None:
    assert only(message(statement([entry("1.00", day="")], closing="1.00"))).lines[0].booked_on == date(
        2026, 3, 2
    )
    advice = message(
        statement([entry("1.00", day="")], opening="", closing="", name="Ntfctn"),
        name="BkToCstmrDbtCdtNtfctn",
    )
    assert codes(read_camt(advice)) == [("bank_rule", 1)]


def test_an_account_may_have_another_number_than_an_iban() -> None:
    account = path("Acct/Id/Othr/Id", "12-3456 7")
    assert only(message(statement(account=account))).account == "12-34567"


def test_a_statement_of_the_day_so_far_ends_with_its_last_interim_balance() -> None:
    so_far = balance("ITBD", "1.00") + balance("ITBD", "3.00")
    data = message(
        statement([entry("2.00")], opening="", closing="", head=so_far, name="Rpt"), name="BkToCstmrAcctRpt"
    )
    assert (only(data).opening_minor, only(data).closing_minor) == (100, 300)


def test_a_statement_that_does_not_tie_says_by_how_much() -> None:
    found = read_camt(message(statement([entry("1.00")], opening="5.00", closing="7.50")))
    (fault,) = found.faults
    assert (fault.code, dict(fault.params)) == (FaultCode.STATEMENT_UNTIED, {"difference": "1.50 EUR"})
    assert len(found.statements) == 1


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (message(statement(account="")), "account"),
        (message(statement([entry("1.00")], opening="")), "opening"),
        (message(statement(closing="")), "closing"),
        (message(), "statement"),
    ],
)
def test_a_fragment_is_refused(data: bytes, missing: str) -> None:
    found = read_camt(data)
    assert not found.statements
    assert [dict(fault.params) for fault in found.faults] == [{"missing": missing}]


def test_only_a_page_in_the_middle_may_lack_a_balance() -> None:
    head = path("StmtPgntn", tag("PgNb", "2"), tag("LastPgInd", "false")) + tag("ElctrncSeqNb", "12")
    one = only(message(statement([entry("1.00")], opening="", closing="", head=head)))
    assert (one.number, one.difference_minor) == ("12/2", None)


def test_one_currency_to_a_statement() -> None:
    found = read_camt(message(statement([entry("1.00", currency="USD")], closing="1.00")))
    assert (rules(found), [fault.value for fault in found.faults]) == (["one_currency"], ["EUR USD"])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1.001", "amount_unreadable"),
        ("12..34", "amount_unreadable"),
        ("1,00", "amount_unreadable"),
        ("-1.00", "amount_unreadable"),
        (".", "amount_unreadable"),
        ("", "amount_missing"),
        ("9" * 60, "amount_unreadable"),
        ("9" * 16, "amount_too_large"),
    ],
)
def test_an_amount_that_is_none_is_a_fault_of_its_entry(value: str, code: str) -> None:
    found = read_camt(message(statement([entry("1.00"), entry(value)], closing="1.00")))
    assert not found.statements
    assert codes(found) == [(code, 2)]


def test_days_and_sides_that_are_none_are_faults_of_their_entries() -> None:
    entries = [entry("1.00", day="2026-02-31"), entry("1.00", day="02.03.2026"), entry("1.00", side="SIDE")]
    found = read_camt(message(statement(entries, closing="1.00")))
    assert codes(found) == [("date_impossible", 1), ("date_unreadable", 2), ("side_unreadable", 3)]


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40)
MINORS = st.integers(-(10**12), 10**12)


def written(minor: int) -> str:
    return f"{abs(minor) // 100}.{abs(minor) % 100:02}"


@given(st.lists(st.tuples(MINORS, WORDS, WORDS), max_size=6), MINORS)
def test_what_is_written_is_read_back(lines: list[tuple[int, str, str]], opening: int) -> None:
    entries = [
        entry(
            written(minor),
            details(
                path(f"RltdPties/{'Dbtr' if minor >= 0 else 'Cdtr'}", text("Nm", name))
                + path("RmtInf", text("Ustrd", words))
            ),
            side="CRDT" if minor >= 0 else "DBIT",
        )
        for minor, name, words in lines
    ]
    closing = opening + sum(minor for minor, _, _ in lines)
    ends = "".join(
        balance(kind, written(each), side="CRDT" if each >= 0 else "DBIT")
        for kind, each in (("OPBD", opening), ("CLBD", closing))
    )
    one = only(message(statement(entries, opening="", closing="", head=ends)))
    assert (one.opening_minor, one.closing_minor) == (opening, closing)
    assert [(line.minor, line.name, line.text) for line in one.lines] == [
        (minor, " ".join(name.split()), " ".join(words.split())) for minor, name, words in lines
    ]
