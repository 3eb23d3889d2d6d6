"""How many cells an OpenDocument spreadsheet spreads out to, when its repeated cells and rows are written out.

Two numbers in a file of one kilobyte can ask for a million rows of sixteen thousand cells.
"""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(
    rb"""<(/?)(?:[\w.-]+:)?(table|table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>"""
)
_REPEATED: Final = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["']([^"']*)["']""")
_NUMBER: Final = re.compile(rb"\d{1,9}")
BEYOND: Final = 1 << 62
"""Said of a repetition that is no plain number."""


def spread_cells(content: bytes) -> int:
    """Cells of the rectangles around what is filled, of all sheets together; trailing empty cells and rows do not count."""
    total = 0
    sheet = _Sheet()
    for closing, name, attributes in _TAG.findall(content):
        if name == b"table":
            total += sheet.cells
            sheet = _Sheet()
        elif name != b"table-row":
            if not closing:
                sheet.add_cell(attributes)
        elif closing:
            sheet.end_row()
        else:
            sheet.begin_row(attributes)
    return total + sheet.cells


class _Sheet:
    """A sheet while it is walked: the row at hand, and how far filled cells have reached so far."""

    def __init__(self) -> None:
        self._rows = self._last = self._width = 0
        self._repeated = 1
        self._place = self._filled = 0

    @property
    def cells(self) -> int:
        """Rows times columns, from the first cell to the last filled one."""
        return self._last * self._width

    def begin_row(self, attributes: bytes) -> None:
        """A row begins; one without cells ends at once."""
        self._repeated = repeated(attributes)
        self._place = self._filled = 0
        if attributes.endswith(b"/"):
            self.end_row()

    def add_cell(self, attributes: bytes) -> None:
        """A cell stands there as often as it says; it is filled unless it ends at once and names no value."""
        self._place += repeated(attributes)
        if not attributes.endswith(b"/") or b"value" in attributes:
            self._filled = self._place

    def end_row(self) -> None:
        """Count the row as often as it stands there; rows without a filled cell count only between filled ones."""
        self._rows += self._repeated
        if self._filled:
            self._last, self._width = self._rows, max(self._width, self._filled)


def repeated(attributes: bytes) -> int:
    """How often a cell or row stands there: 1 unless it says otherwise."""
    found = _REPEATED.search(attributes)
    if found is None:
        return 1
    return int(found.group(1)) if _NUMBER.fullmatch(found.group(1)) else BEYOND
