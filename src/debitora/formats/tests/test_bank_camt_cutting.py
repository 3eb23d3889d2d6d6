"""Entries that are cut out of a message read as those that the parser builds, whatever stands in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.formats.bank.camt import read_camt
from debitora.formats.bank.camt_columns import usual_lines
from debitora.formats.bank.camt_cutting import cut, parted
from debitora.formats.bank.camt_entries import ENTRY, PART
from debitora.formats.bank.camt_heads import Head
from debitora.formats.bank.markup import Layouts, NotPlain
from debitora.formats.bank.statements import BankFile
from debitora.formats.tests.camt_messages import amount, details, entry, message, path, statement, tag, text

BEHIND = b"<!-- -->"
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)


def built(data: bytes) -> BankFile:
    """What is read when nothing is cut, for a comment stands behind the message."""
    with pytest.raises(NotPlain):
        cut(data + BEHIND)
    return read_camt(data + BEHIND)


def one(*inside: str) -> bytes:
    """A message of one entry with this inside."""
    return message(statement([entry("1.00", *inside)], closing="1.00"))


def pretty(data: bytes, end: str) -> bytes:
    """Each mark on a line of its own, texts left as they are."""
    return data.replace(b"><", f">{end}  <".encode())


PLAIN = one(
    tag("AcctSvcrRef", "B-1"),
    path("BkTxCd/Domn", tag("Cd", "PMNT"), path("Fmly", tag("Cd", "RCDT"), tag("SubFmlyCd", "ESCT"))),
    details(
        path("RltdPties/Dbtr/Nm", "M &amp; S &#x201E;x&#8220; &gt; 1") + path("RmtInf/Ustrd", "Invoice 1")
    ),
)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        pretty(PLAIN, "\n"),
        pretty(PLAIN, "\r\n").replace(b"Invoice 1", b"Invoice\r\n1\r2"),
        PLAIN.replace(b"Invoice 1", b"a > b"),
        PLAIN.replace(b"<Nm>", b"<Nm kind='a>b' lang=\"x\">"),
        PLAIN.replace(
            b"<Ustrd>Invoice 1</Ustrd>", b"<Ustrd/><Ustrd></Ustrd><Ustrd> A </Ustrd><Ustrd>B</Ustrd>"
        ),
        PLAIN.replace(b'<?xml version="1.0" encoding="UTF-8"?>\n', b""),
        b"\xef\xbb\xbf" + PLAIN,
        one(details(amount("0.40"), amount("0.60", "EUR", "TxAmt") + amount("0.60"))),
        message(statement([entry("1.00"), entry("5.00", status="PDNG"), entry("1")], closing="2.00")),
        message(statement([entry("x"), entry("1.00", side="")], closing="2.00")),
        message(),
    ],
)
def test_what_is_plain_is_cut_and_reads_the_same(data: bytes) -> None:
    cut(data)
    assert read_camt(data) == built(data)


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ("Invoice 1", "<!-- <Ntry> -->Invoice 1"),
        ("Invoice 1", "<![CDATA[</Ntry>]]>"),
        ("Invoice 1", "<?x </Ntry>?>Invoice 1"),
        ("</Ntry>", "</Ntry\n>"),
        ("</TxDtls>", "</TxDtls >"),
        ("<TxDtls>", "<TxDtls >"),
        ("<TxDtls>", '<TxDtls xmlns="">'),
        ("<Ustrd>", "<Ntry></Ntry><Ustrd>"),
        ("<Ustrd>", "<TxDtls>0.00</TxDtls><Ustrd>"),
        ("<Ustrd>", "<TxDtls/><Ustrd>"),
        ("<Ustrd>", "<Stmt/><Ustrd>"),
        ("<Nm>", '<n:Nm xmlns:n="urn:n"/><Nm>'),
        ("<Nm>", "<n:Nm/><Nm>"),
        ("Invoice 1", "Invoice &one;"),
        ("Invoice 1", "a" * (1 << 20)),
        ("Invoice 1", '<y debitora-cut="0"/>'),
        ("UTF-8", "ISO-8859-1"),
        ("UTF-8", "ascii"),
        ("Invoice 1", "\x01"),
        ("</Stmt>", ""),
    ],
)
def test_what_is_not_plain_reads_as_ever(shown: str, hidden: str) -> None:
    data = PLAIN.decode().replace(shown, hidden).encode()
    assert data != PLAIN
    assert read_camt(data) == built(data)


def test_marks_that_cross_the_cuts_are_left_to_the_parser() -> None:
    """The first two closing marks are those of other entries than the opening marks before them."""
    crossed = "<Ntry>A<Ntry x='1'>B</Ntry>C<Ntry>D</Ntry >E</Ntry>"
    data = PLAIN.replace(b"<Ntry>", crossed.encode() + b"<Ntry>", 1)
    assert read_camt(data) == built(data)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6), WORDS, st.lists(WORDS, max_size=3), st.booleans(), st.integers(0, 3)
        ),
        max_size=8,
    ),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_entries_of_every_layout_read_the_same(
    entries: list[tuple[int, str, list[str], bool, int]], end: str
) -> None:
    written = [
        entry(
            f"{minor // 100}.{minor % 100:02}",
            path("ValDt/Dt", "2026-03-03") if is_long else "",
            details(
                *[
                    tag("RltdPties", path("Dbtr", text("Nm", name)))
                    + tag("RmtInf", *(text("Ustrd", each) for each in texts))
                ]
                * parts
            ),
        )
        for minor, name, texts, is_long, parts in entries
    ]
    data = message(statement(written, closing="1.00"))
    found = read_camt(pretty(data, end) if end else data)
    assert found == built(data)


def test_an_entry_is_parted_from_its_transactions() -> None:
    assert parted("A<TxDtls>1</TxDtls>B<TxDtls>2</TxDtls>C") == ("ABC", ["1", "2"])
    assert parted("A") == ("A", [])


SEEDS = [
    PLAIN,
    pretty(PLAIN, "\n"),
    message(
        statement([entry("1.00", details(amount("0.40"), amount("0.60"))), entry("2.00")], closing="3.00")
    ),
]
NOISE = st.one_of(
    st.binary(max_size=3),
    st.sampled_from(
        [b"<", b">", b"&", b"&amp;", b"&#0;", b"&#x1F;", b"]]>", b"<Ntry>", b"</Ntry>", b"<TxDtls>", b"/"]
    ),
    st.sampled_from(['"', "ü", "\ufffe", "\ufffd", "\x85", "\u2028", "<x/>", "<x>", "</x>"]).map(str.encode),
)


@given(st.sampled_from(SEEDS), st.data())
def test_damage_is_found_whether_entries_are_cut_or_not(seed: bytes, data: st.DataObject) -> None:
    place, length = data.draw(st.integers(0, len(seed))), data.draw(st.sampled_from([0, 0, 1, 2, 8]))
    damaged = seed[:place] + data.draw(NOISE) + seed[place + length :]
    found = read_camt(damaged)
    if any(fault.params == (("rule", "xml"),) for fault in found.faults):
        return
    assert found == built(damaged)


@pytest.mark.parametrize(
    "wrong",
    [
        "&#0;",
        "&#x1F;",
        "&#xD800;",
        "&#x110000;",
        "&#9999999;",
        "&",
        "&;",
        "&nothing;",
        "\x00",
        "\x0b",
    ],
)
def test_what_no_text_may_hold_is_refused(wrong: str) -> None:
    found = read_camt(PLAIN.replace(b"Invoice 1", wrong.encode()))
    assert [dict(fault.params).get("rule") for fault in found.faults] == ["xml"]


def test_layouts_without_number_are_read() -> None:
    """More layouts than are kept: every choice of nine elements."""
    entries = [
        entry("0.01", details(path("RmtInf", *(tag(f"T{bit}") for bit in range(9) if number >> bit & 1))))
        for number in range(512)
    ]
    data = message(statement(entries, closing="5.12"))
    assert read_camt(data) == built(data)
    assert len(read_camt(data).statements[0].lines) == 512


def test_the_usual_and_the_unusual_among_it_read_the_same() -> None:
    """More entries than are read together: of both sides, in two layouts, some taken back, returned, exchanged, or without a day."""
    paid = [
        details(path("RltdPties/Dbtr/Nm", f"Payer {number}") + path("RmtInf/Ustrd", f"Invoice {number}"))
        for number in range(1_100)
    ]
    entries = [entry("1.00", one, side=("CRDT", "DBIT")[place % 7 == 0]) for place, one in enumerate(paid)]
    entries[3] = entry("1.00", tag("RvslInd", "true"), paid[3])
    entries[5] = entry("1.00", details(path("RtrInf/Rsn/Cd", "AC04")))
    entries[1_050] = entry("1.5", paid[8])
    entries[1_060] = entry("1.00", details(amount("2.00", "USD", "InstdAmt")))
    data = message(statement(entries, closing="0.00"))
    cut(data)
    assert read_camt(data) == built(data)
    assert len(read_camt(data).statements[0].lines) == len(entries)


def test_the_usual_is_read_in_columns() -> None:
    read = Layouts(ENTRY, {"TxDtls": PART}).texts_of(
        entry("12.40").removeprefix("<Ntry>").removesuffix("</Ntry>")
    )
    assert read
    head = Head(1, "DE1", {}, {}, (), None)
    layout, texts = read
    currency, lines = usual_lines(layout, [(7, texts)], head) or ("", {})
    assert (currency, lines[7].minor, lines[7].place) == ("EUR", 1_240, 7)
