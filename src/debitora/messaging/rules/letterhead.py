"""How a company's letters look: a colour, and the columns at the foot. Neither may carry a bank account of its own."""

from __future__ import annotations

import re
from typing import Final

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

INK: Final = "#1c2430"
"""The colour where a company has chosen none."""
MOST_COLUMNS: Final = 3
MOST_LINES: Final = 6
LEAST_CONTRAST: Final = 4.5  # not money: a ratio of luminances
"""To white paper (WCAG 2.2, 1.4.3), so that the letter also reads well printed in grey."""
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_CANDIDATE: Final = re.compile(r"\b[A-Z]{2}\s?\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}", re.IGNORECASE)


def is_readable_colour(text: str) -> bool:
    """Whether this is a colour (#1c2430) that stands out from white paper."""
    if not _COLOUR.fullmatch(text):
        return False
    red, green, blue = (_linear(int(text[place : place + 2], 16) / 255) for place in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue  # not money: light
    return 1.05 / (luminance + 0.05) >= LEAST_CONTRAST  # not money: light


def footer_columns(text: str) -> list[list[str]]:
    """The columns of a foot: blank lines part them."""
    columns = [
        [line.strip() for line in part.splitlines() if line.strip()] for part in re.split(r"\n\s*\n", text)
    ]
    return [column for column in columns if column]


def names_an_account(text: str) -> bool:
    """Whether an IBAN stands in a text that is not meant for one: it would go round the second person."""
    return any(_is_iban(part) for found in _CANDIDATE.finditer(text) for part in _beginnings(found[0]))


def _beginnings(text: str) -> list[str]:
    plain = re.sub(r"\s", "", text).upper()
    return [plain[:size] for size in range(15, min(len(plain), 34) + 1)]


def _is_iban(text: str) -> bool:
    try:
        IBAN(text)
    except (SchwiftyException, ValueError):
        return False
    return True


def _linear(share: float) -> float:  # not money: a share of light
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)  # not money: light
