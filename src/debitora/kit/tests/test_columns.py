"""Columns of a list: what the address chooses, and the first column that always stays."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from debitora.kit.columns import Column, FirstColumnUnknown, chosen, for_file

KNOWN: dict[str, Column[int]] = {
    name: Column(name, lambda row: row, lambda row: row) for name in ("sender", "subject", "currency", "open")
}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ()),
        ("column=nonsense", ()),
        ("column=subject&column=sender&column=subject", ("subject", "sender")),
        ("column=open&column=nonsense", ("sender", "open")),
    ],
)
def test_the_address_chooses_and_the_first_column_stays(asked: str, shown: tuple[str, ...]) -> None:
    assert chosen(QueryDict(asked), KNOWN, first="sender") == shown


def test_a_list_without_its_first_column_fails_at_its_first_request() -> None:
    with pytest.raises(FirstColumnUnknown, match="number"):
        chosen(QueryDict(""), KNOWN)


def test_in_a_file_no_amount_stands_without_its_currency() -> None:
    columns = for_file(QueryDict("column=open"), KNOWN, list(KNOWN), money=("open",), first="sender")
    assert [column.label for column in columns] == ["sender", "currency", "open"]
