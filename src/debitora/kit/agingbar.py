"""The aging bar: five bands of open money, from not due to more than ninety days late, as shares of one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from debitora.values.locales import format_money
from debitora.values.money import Money

NAMES: dict[str, str | Promise] = {
    "not_due": _("not due"),
    "d1_30": _("1–30 days"),
    "d31_60": _("31–60 days"),
    "d61_90": _("61–90 days"),
    "d90_plus": _("over 90 days"),
}


WIDTH = 10_000
"""The whole bar, in units of the drawing: whole numbers, so that no share of money becomes a float."""


@dataclass(frozen=True, slots=True)
class Band:
    """One band: its CSS class, its label, its sum as text, and where it lies in a bar of WIDTH."""

    css: str
    name: str
    sum: str
    start: int
    width: int


def bands(aging: object, currency: str, language: str) -> list[Band]:
    """The bands of anything that names the five sums in minor units, as attributes or as keys.

    A band below zero (credits) has no width, but is listed with its sum.
    """
    minors = {key: _minor(aging, key) for key in NAMES}
    whole = sum(max(minor, 0) for minor in minors.values()) or 1
    found, start, passed = [], 0, 0
    for key, minor in minors.items():
        passed += max(minor, 0)
        end = WIDTH * passed // whole
        text = format_money(Money(minor, currency), language)
        found.append(Band(css(key), str(NAMES[key]), text, start, end - start))
        start = end
    return found


def css(key: str) -> str:
    """The class that colours a band: "d1_30" is "aging-d1-30"."""
    return f"aging-{key.replace('_', '-')}"


def _minor(aging: object, key: str) -> int:
    value = aging[key] if isinstance(aging, Mapping) else getattr(aging, key)
    return value.minor if isinstance(value, Money) else int(value)
