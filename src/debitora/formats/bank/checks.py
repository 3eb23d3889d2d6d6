"""What holds for every file of a bank: a statement ties, pages follow each other, and nothing read is nothing said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from debitora.formats.bank.fields import told
from debitora.formats.bank.statements import BankFile, Reading, Statement
from debitora.formats.faults import WARNINGS, Fault, FaultCode, Faults, fault
from debitora.values.money import MAX_MINOR


def file_of(reading: Reading, statements: Iterable[Statement], faults: Iterable[Fault]) -> BankFile:
    """The file as readers return it: a statement that does not tie has a fault; a fault that hinders refuses all of it.

    A file without a statement and without a fault is a fragment.
    """
    read, said = tuple(statements), list(faults)
    if any(one.code not in WARNINGS for one in said):
        return BankFile.refused(reading, *said)
    if not read:
        return BankFile.refused(reading, *said, fragment("statement"))
    return BankFile(reading, read, Faults.of([*said, *(one for each in read for one in untied(each))]))


def fragment(missing: str, place: int = 0) -> Fault:
    """What is missing of a statement: `statement`, `account`, `currency`, `opening` or `closing`."""
    return fault(FaultCode.STATEMENT_FRAGMENT, line=place, missing=missing)


def untied(statement: Statement) -> list[Fault]:
    """A fault where opening and lines do not give the closing."""
    difference = statement.difference_minor
    if not difference:
        return []
    return [
        fault(
            FaultCode.STATEMENT_UNTIED,
            line=statement.place,
            value=statement.number,
            difference=_sum(difference, statement.currency),
        )
    ]


def wrong_totals(currency: str, place: int, totals: Sequence[tuple[str, int, int]]) -> list[Fault]:
    """A fault for each (name, minor units told, minor units found) that differ."""
    return [
        fault(
            FaultCode.TOTAL_WRONG,
            line=place,
            total=name,
            told=_sum(said, currency),
            found=_sum(found, currency),
        )
        for name, said, found in totals
        if said != found
    ]


def wrong_counts(place: int, counts: Sequence[tuple[str, int, int]]) -> list[Fault]:
    """A fault for each (name, number told, number found) that differ."""
    return [
        fault(FaultCode.TOTAL_WRONG, line=place, total=name, told=said, found=found)
        for name, said, found in counts
        if said != found
    ]


def other_account(place: int, opened: str, closed: str) -> list[Fault]:
    """A fault where a statement closes with another account than it opened with."""
    if opened == closed:
        return []
    return [fault(FaultCode.ACCOUNTS_DIFFER, line=place, told=opened, found=closed)]


def _sum(minor: int, currency: str) -> str:
    """A sum of many amounts may be beyond what one amount can be."""
    return told(minor, currency) if abs(minor) < MAX_MINOR else str(minor)
