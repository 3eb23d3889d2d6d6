"""Records of a fixed width, as CODA, CFONB 120 and Norma 43 have them: lines whose first characters say what they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from debitora.formats.bank.checks import file_of
from debitora.formats.bank.fields import NotInFormat, against, numbered_lines
from debitora.formats.bank.statements import BankFile, Reading, Statement
from debitora.formats.faults import Fault


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the file, filled up with blanks to the width of its format."""

    place: int
    text: str
    code: str

    def cut(self, first: int, last: int) -> str:
        """The characters from first to last, counted from 1 as descriptions of formats do."""
        return self.text[first - 1 : last]

    def number(self, first: int, last: int) -> int:
        """The digits from first to last as a number. Raises NotInFormat."""
        digits = self.cut(first, last)
        if not (digits.isascii() and digits.isdecimal()):
            raise against("record", self.place, digits)
        return int(digits)


def records_of(data: bytes, *, width: int, codes: Collection[str], code_width: int) -> list[Record]:
    """All lines as records. Raises NotInFormat for a line of another width or beginning, for an empty or undecodable file."""
    records: list[Record] = []
    for place, line in numbered_lines(data):
        text = line.rstrip()
        if text[:code_width] not in codes or len(text) > width:
            raise against("record", place, line)
        records.append(Record(place, text.ljust(width), text[:code_width]))
    return records


def file_of_groups(
    reading: Reading,
    groups: Iterable[Sequence[Record]],
    statement_of: Callable[[Sequence[Record]], tuple[Statement, list[Fault]]],
    faults: Iterable[Fault] = (),
) -> BankFile:
    """The file whose groups of records are statements each; a group that does not read has a fault instead."""
    statements: list[Statement] = []
    said = list(faults)
    for group in groups:
        try:
            statement, problems = statement_of(group)
        except NotInFormat as problem:
            said.append(problem.fault)
            continue
        statements.append(statement)
        said += problems
    return file_of(reading, statements, said)
