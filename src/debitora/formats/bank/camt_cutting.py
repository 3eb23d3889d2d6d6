"""A camt message -> its entries as they stand in the file, and the message without them.

Nearly all of a statement is entries, and nearly all the time goes into building their elements. They are cut out of a message that
is plain enough for it; where some stood in a row, one empty element says which they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from lxml import etree

from debitora.formats.bank.markup import NotPlain

_MARKER: Final = "debitora-cut"
_OPENING, _CLOSING = b"<Ntry>", b"</Ntry>"
PART_OPENING, _PART_CLOSING = "<TxDtls>", "</TxDtls>"
_MAX_ENTRY: Final = 1 << 20
"""Bytes of an entry; a message with a larger one is left to the parser with its bounds."""
_DECLARED: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,100}<\?xml\s[^>]{0,200}?encoding\s*=\s*.([A-Za-z0-9_.-]+)"
)
_HEAD: Final = 400
_FOREIGN: Final = b"<!", b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf", _MARKER.encode()
"""Comments, CDATA, declarations; what XML allows in no text; our own mark."""
_CONTROLS: Final = tuple(bytes([each]) for each in range(32) if each not in b"\t\n\r")
"""Characters that XML does not allow; each is looked for alone, which is faster than any of them at once."""


Span: TypeAlias = tuple[int, int]
"""Where an entry stands in the file: from behind its opening mark to its closing one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A message without its entries, and where they stood: runs of entries with nothing between them."""

    skeleton: bytes
    data: bytes
    runs: Sequence[Sequence[Span]]

    def insides(self, element: etree._Element) -> Iterator[str] | None:
        """What stands inside each of the entries that this element is for; None where it is an element of the file. Raises NotPlain."""
        number = element.get(_MARKER)
        return None if number is None else map(self._inside, self.runs[int(number)])

    def _inside(self, span: Span) -> str:
        try:
            inside = self.data[span[0] : span[1]].decode()
        except UnicodeDecodeError as unfit:
            raise NotPlain from unfit
        return inside.replace("\r\n", "\n").replace("\r", "\n") if "\r" in inside else inside


def cut(data: bytes) -> Cut:
    """Cut the entries out of a message. What is left is for the parser, and each entry for `markup`: together they find whatever is
    not well-formed. Raises NotPlain for a message that is not in UTF-8, or has in it what changes the meaning of marks."""
    declared = _DECLARED.match(data[:_HEAD])
    is_utf8 = declared is None or declared[1].lower() == b"utf-8"
    if not is_utf8 or data.count(b"<?", 0, _HEAD) > 1 or _holds(data, b"<?", _HEAD - 1):
        raise NotPlain
    if any(_holds(data, mark) for mark in _FOREIGN) or any(control in data for control in _CONTROLS):
        raise NotPlain
    runs = list(_runs(data))
    return Cut(_without(data, runs), data, runs)


def parted(inside: str) -> tuple[str, list[str]]:
    """(an entry without its transactions, what stands inside each of them)."""
    first, *rest = inside.split(PART_OPENING)
    frame, parts = [first], []
    for each in rest:
        part, _closing, after = each.partition(_PART_CLOSING)
        parts.append(part)
        frame.append(after)
    return "".join(frame), parts


def _holds(data: bytes, mark: bytes, begin: int = 0) -> bool:
    """Whether the mark stands in the data; its last character alone is found much faster, and mostly is not there."""
    return data.find(mark[-1:], begin) >= 0 and data.find(mark, begin) >= 0


def _spans(data: bytes) -> Iterator[Span]:
    """(begin, end) of what stands inside each entry. Raises NotPlain where one is very large, or holds another."""
    begin = data.find(_OPENING)
    while begin >= 0:
        begin += len(_OPENING)
        end = data.find(_CLOSING, begin, begin + _MAX_ENTRY)
        if end < 0 or data.find(_OPENING, begin, end) >= 0:
            raise NotPlain
        yield begin, end
        begin = data.find(_OPENING, end)


def _runs(data: bytes) -> Iterator[list[Span]]:
    """The entries between which nothing stands but blanks, together."""
    run: list[Span] = []
    for span in _spans(data):
        if run and data[run[-1][1] + len(_CLOSING) : span[0] - len(_OPENING)].strip():
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _without(data: bytes, runs: Sequence[Sequence[Span]]) -> bytes:
    """The message with an empty element for each run of entries."""
    pieces, at = [], 0
    for number, run in enumerate(runs):
        pieces += [data[at : run[0][0] - 1], f' {_MARKER}="{number}"/>'.encode()]
        at = run[-1][1] + len(_CLOSING)
    return b"".join([*pieces, data[at:]])
