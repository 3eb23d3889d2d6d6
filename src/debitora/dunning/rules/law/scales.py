"""Statutory scales for the cost of recovery against consumers, in minor units of the euro. Rounded half up to the cent."""

from __future__ import annotations

from typing import Final

LUMP_SUM_MINOR: Final = 4_000
"""EUR 40 per claim between businesses: directive 2011/7/EU art. 6, § 288 V BGB, § 458 UGB, D441-5 C. com."""
GERMAN_COST_MINOR: Final = 76
"""What a reminder was accepted to cost against a consumer (BGH VIII ZR 95/18: print and postage, no staff)."""
GERMAN_VOID_MINOR: Final = 250
"""What the same court held void."""
BELGIAN_REMINDER_MINOR: Final = 750
"""At most, besides postage, for each reminder to a consumer after the first (Book XIX CEL)."""

_DUTCH: Final = ((250_000, 1_500), (250_000, 1_000), (500_000, 500), (19_000_000, 100))
"""(so much of the principal, basis points of it) from the bottom; the rest bears 50."""
_DUTCH_REST, _DUTCH_LEAST, _DUTCH_MOST = 50, 4_000, 677_500
_BELGIAN: Final = ((50_000, 6_500, 500), (15_000, 3_000, 1_000), (0, 2_000, 0))
"""(principal above which, fixed sum, basis points of what lies above), the highest first."""
_BELGIAN_MOST: Final = 200_000


def dutch_costs(principal_minor: int) -> int:
    """The most that recovery may cost on a principal (WIK scale); binding for consumers."""
    left, scaled = max(principal_minor, 0), 0
    for width, bp in _DUTCH:
        part = min(left, width)
        scaled, left = scaled + part * bp, left - part
    return min(max(_half_up(scaled + left * _DUTCH_REST), _DUTCH_LEAST), _DUTCH_MOST)


def belgian_costs(principal_minor: int) -> int:
    """The most that a clause may grant against a consumer beside interest and reminders (Book XIX CEL)."""
    above, fixed, bp = next((band for band in _BELGIAN if principal_minor > band[0]), _BELGIAN[-1])
    share = max(principal_minor - above, 0) * bp
    return min(fixed + _half_up(share), _BELGIAN_MOST)


def _half_up(shares: int) -> int:
    """Minor units times basis points -> minor units."""
    return (shares + 5_000) // 10_000
