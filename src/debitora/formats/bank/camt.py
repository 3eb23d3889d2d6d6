"""camt.052, camt.053 and camt.054 of every version -> statements: XML is read as a stream, each entry freed once it is read.

The namespace decides nothing: banks write versions that they do not keep to, and some none at all. A document type or an entity is
refused, for no message of a bank has any.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree

from debitora.formats.bank.camt_columns import usual_lines
from debitora.formats.bank.camt_cutting import PART_OPENING, Cut, cut, parted
from debitora.formats.bank.camt_entries import ENTRY, PART, Entry, lines_of
from debitora.formats.bank.camt_heads import Head, head_of, statement_of
from debitora.formats.bank.checks import file_of
from debitora.formats.bank.elements import Fields, local_name
from debitora.formats.bank.fields import NotInFormat
from debitora.formats.bank.markup import Layout, Layouts, NotPlain
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.encodings import guess_code_page
from debitora.formats.faults import Fault, FaultCode, fault

_REACH: Final = {"Stmt": Reach.BOOKED, "Rpt": Reach.INTERIM, "Ntfctn": Reach.ADVICE}
_NAMES: Final = ("TxDtls", "Ntry", *_REACH)
_TAGS: Final = tuple(f"{{*}}{name}" for name in _NAMES)
_WHOLE: Final = Layouts(ENTRY, {"TxDtls": PART}, apart=frozenset({"Ntry", *_REACH}))
_FRAMES: Final = Layouts(ENTRY, apart=frozenset(_NAMES))
_PARTS: Final = Layouts(PART, apart=frozenset(_NAMES))
_PARSING: Final = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_AT_ONCE: Final = 1_000
"""So many entries are read together."""
_BEGINNING: Final = 64 * 1024
_MESSAGES: Final = {
    b"BkToCstmrAcctRpt": Reading.CAMT052,
    b"BkToCstmrStmt": Reading.CAMT053,
    b"BkToCstmrDbtCdtNtfctn": Reading.CAMT054,
    b"camt.052": Reading.CAMT052,
    b"camt.053": Reading.CAMT053,
    b"camt.054": Reading.CAMT054,
}
_MESSAGE: Final = re.compile(rb"<(?:[\w.-]+:)?(BkToCstmr[A-Za-z]+?)(?:V0[0-9])?[\s/>]|(camt\.05[234])\b")
_DOCTYPE: Final = tuple("<!DOCTYPE".encode(each) for each in ("ascii", "utf-16-le", "utf-16-be"))
_ENCODING: Final = frozenset(
    {
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_INVALID_CHAR,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    }
)


class _OtherEncoding(Exception):
    """The document is not in the encoding that it declares."""


def camt_kind(data: bytes) -> Reading | None:
    """Which of the messages the beginning names, by its element or else by its namespace; None where it is another file."""
    beginning = data[:_BEGINNING].replace(b"\x00", b"")
    named = [message or space for message, space in _MESSAGE.findall(beginning)]
    found = [_MESSAGES[name] for name in sorted(named) if name in _MESSAGES]
    return found[0] if found else None


def read_camt(data: bytes) -> BankFile:
    """All statements of a message. Faults: NOT_A_STATEMENT, BANK_RULE (`xml` with the line where it breaks, `declarations`, and
    what its entries break), STATEMENT_FRAGMENT; ENTRY_PENDING for each entry that is left out because it is not booked.

    Texts are cut at MAX_TEXT; one of more than ten million characters is refused as broken XML.
    """
    reading = camt_kind(data)
    if reading is None:
        return BankFile.refused(None, fault(FaultCode.NOT_A_STATEMENT, kind="xml"))
    if b"!" in data and any(mark in data for mark in _DOCTYPE):
        return BankFile.refused(reading, fault(FaultCode.BANK_RULE, rule="declarations"))
    try:
        return _read_cut(cut(data), reading)
    except NotPlain:
        pass
    try:
        return _read(data, reading, None)
    except _OtherEncoding:
        return _read(data, reading, guess_code_page(data))


def _read_cut(message: Cut, reading: Reading) -> BankFile:
    """Read a message whose entries are cut out. Raises NotPlain where they are not what they seemed."""
    reader = _Reader()
    try:
        for element in _ended(message.skeleton, None):
            insides = message.insides(element)
            if insides is None:
                reader.take(element)
            else:
                reader.take_cut(element, insides)
            element.clear()
    except etree.XMLSyntaxError as broken:
        raise NotPlain from broken
    return file_of(reading, reader.statements, dict.fromkeys(reader.faults))


def _read(data: bytes, reading: Reading, encoding: str | None) -> BankFile:
    """Read in the declared encoding (None) or in another. Raises _OtherEncoding where the declared one does not fit."""
    reader = _Reader()
    try:
        for element in _ended(data, encoding):
            reader.take(element)
            element.clear()
    except etree.XMLSyntaxError as broken:
        if encoding is None and broken.code in _ENCODING:
            raise _OtherEncoding from broken
        reader.faults.append(fault(FaultCode.BANK_RULE, line=broken.lineno or 0, rule="xml"))
    return file_of(reading, reader.statements, dict.fromkeys(reader.faults))


def _ended(data: bytes, encoding: str | None) -> Iterator[etree._Element]:
    """The elements that matter, each when it ends. Raises XMLSyntaxError."""
    for _event, element in etree.iterparse(io.BytesIO(data), tag=_TAGS, encoding=encoding, **_PARSING):
        yield element


@dataclass(slots=True)
class _Reader:
    """What of a file is read so far: whole statements and their faults; of the open one its head, entries and transactions."""

    statements: list[Statement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    place: int = 1
    entries: int = 0
    head: Head | None = None
    lines: list[Line] = field(default_factory=list)
    parts: list[Fields] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)

    def take(self, element: etree._Element) -> None:
        """A transaction, an entry or a statement has ended."""
        name = local_name(element)
        if name == "TxDtls":
            self.parts.append(PART.fields_of(element))
        elif name == "Ntry":
            self._take_entry(element, ENTRY.fields_of(element), [])
        else:
            self._take_statement(element, _REACH[name])

    def take_cut(self, element: etree._Element, insides: Iterator[str]) -> None:
        """The entries that were cut out where this element stands. Raises NotPlain."""
        while some := list(islice(insides, _AT_ONCE)):
            usual = self._usual(element, some)
            for inside in some:
                if line := usual.get(self.entries + 1):
                    self.entries += 1
                    self.lines.append(line)
                else:
                    self._take_entry(element, *_told(inside))

    def _usual(self, element: etree._Element, insides: Sequence[str]) -> dict[int, Line]:
        """The lines of those of the next entries that are usual, by number. Raises NotPlain."""
        if self.parts or not self._begun(element):
            return {}
        laid_out: dict[Layout, list[tuple[int, Sequence[str]]]] = defaultdict(list)
        for number, inside in enumerate(insides, start=self.entries + 1):
            if inside.count(PART_OPENING) < 2 and (found := _WHOLE.texts_of(inside)):
                laid_out[found[0]].append((number, found[1]))
        lines: dict[int, Line] = {}
        for layout, rows in laid_out.items():
            if self.head and (usual := usual_lines(layout, rows, self.head)):
                self.currencies.add(usual[0])
                lines |= usual[1]
        return lines

    def _begun(self, element: etree._Element) -> bool:
        """Whether the statement of this element has a head; where it has none, each entry says so."""
        try:
            self.head = self.head or head_of(element.getparent(), self.place)
        except NotInFormat:
            return False
        return True

    def _take_entry(self, element: etree._Element, fields: Fields, parts: list[Fields]) -> None:
        self.entries += 1
        try:
            if self.head is None:
                self.head = head_of(element.getparent(), self.place)
            entry = Entry(self.entries, self.head.account, self.head.only_day, fields, self.parts + parts)
            self.currencies.add(entry.currency)
            if entry.is_booked:
                self.lines += lines_of(entry)
            else:
                said = fault(FaultCode.ENTRY_PENDING, line=entry.place, value=entry.fields["status"])
                self.faults.append(said)
        except NotInFormat as refused:
            self.faults.append(refused.fault)
        self.parts = []

    def _take_statement(self, element: etree._Element, reach: Reach) -> None:
        lines, currencies, place = self.lines, self.currencies, self.place
        self.place, self.head, self.lines, self.currencies = place + 1, None, [], set()
        try:
            self.statements.append(statement_of(head_of(element, place), reach, lines, currencies))
        except NotInFormat as refused:
            self.faults.append(refused.fault)


def _told(inside: str) -> tuple[Fields, list[Fields]]:
    """(fields of an entry, fields of each of its transactions); a batch is taken apart, for each has another number of them."""
    if inside.count(PART_OPENING) < 2:
        fields, *parts = _WHOLE.fields_of(inside)
        return fields, parts
    frame, transactions = parted(inside)
    return _FRAMES.fields_of(frame)[0], [_PARTS.fields_of(each)[0] for each in transactions]
