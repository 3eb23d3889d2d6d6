"""Reading one mapping of a policy's document, strictly: every wrong value becomes a fault with its path and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from debitora.dunning.rules.policy import Amounts
from debitora.dunning.rules.quiet import EXAMPLE, Quiet, leaves_room, quiet_of
from debitora.values.money import AmountTooLarge, Money, NotAnAmount, UnknownCurrency

_Choice = TypeVar("_Choice", bound=StrEnum)


class FaultCode(StrEnum):
    """What is wrong with a value."""

    NOT_YAML = "not_yaml"
    TOO_LONG = "too_long"
    NOT_A_MAPPING = "not_a_mapping"
    NOT_A_LIST = "not_a_list"
    UNKNOWN_KEY = "unknown_key"
    MISSING = "missing"
    NOT_A_TEXT = "not_a_text"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_FLAG = "not_a_flag"
    NOT_ONE_OF = "not_one_of"
    NOT_AN_AMOUNT = "not_an_amount"
    CURRENCY_TWICE = "currency_twice"
    FIRST_STEP_HAS_NO_GAP = "first_step_has_no_gap"
    GAP_NEEDED = "gap_needed"
    DAYS_FALL = "days_fall"
    RATE_NOT_USED = "rate_not_used"
    CALL_CLAIMS = "call_claims"
    NO_QUIET_DAY = "no_quiet_day"
    TOO_QUIET = "too_quiet"

    @property
    def remedy(self) -> str:
        """What to do, in one English line with the place of `expected`; the source text of its translations."""
        return _REMEDIES[self]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what, what was read, and what would be right."""

    path: str
    """Keys from the outside in, steps counted from 1: `steps[2].min_gap_days`. Empty for the whole document."""
    code: FaultCode
    found: str = ""
    expected: str = ""


_REMEDIES: Final[Mapping[FaultCode, str]] = MappingProxyType(
    {
        FaultCode.NOT_YAML: "Correct the notation at this line; a key stands only once in its block.",
        FaultCode.TOO_LONG: "Shorten the file to %(expected)s characters.",
        FaultCode.NOT_A_MAPPING: "Write keys with values here, one per line: %(expected)s.",
        FaultCode.NOT_A_LIST: "Write a list of %(expected)s entries here, each beginning with a dash.",
        FaultCode.UNKNOWN_KEY: "Remove this key, or use one of: %(expected)s.",
        FaultCode.MISSING: "Add this key; it has no default.",
        FaultCode.NOT_A_TEXT: "Write a text: %(expected)s.",
        FaultCode.NOT_A_WHOLE_NUMBER: "Write a whole number, %(expected)s.",
        FaultCode.OUT_OF_RANGE: "Choose a number, %(expected)s.",
        FaultCode.NOT_A_FLAG: "Write true or false.",
        FaultCode.NOT_ONE_OF: "Choose one of: %(expected)s.",
        FaultCode.NOT_AN_AMOUNT: "Write an amount above zero with its currency: %(expected)s.",
        FaultCode.CURRENCY_TWICE: "Give only one amount per currency.",
        FaultCode.FIRST_STEP_HAS_NO_GAP: "Remove the gap: no reminder comes before the first step.",
        FaultCode.GAP_NEEDED: "Give a gap of at least %(expected)s day, so that two steps never meet on one day.",
        FaultCode.DAYS_FALL: "Choose at least %(expected)s, the days of the step before.",
        FaultCode.NO_QUIET_DAY: "Write weekdays, and days from and to with at most 62 days between, as month and day: %(expected)s.",
        FaultCode.TOO_QUIET: "Leave a day from Monday to Friday, and half of the year, on which notices may go out.",
        FaultCode.RATE_NOT_USED: "Remove the rate, or choose the agreed interest.",
        FaultCode.CALL_CLAIMS: "Leave this out: a call asks for the sum alone.",
    }
)

_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_AMOUNT: Final = re.compile(r"([0-9]{1,16}(?:\.[0-9]{1,3})?) ([A-Z]{3})")
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_FLAGS: Final[Mapping[str, bool]] = MappingProxyType({"true": True, "yes": True, "false": False, "no": False})
_NONE: Final = frozenset({"", "none", "null", "~"})


@dataclass(frozen=True, slots=True)
class Node:
    """One mapping of the document with its path. Every reader answers a usable value, and notes a fault if it made it up."""

    path: str
    values: Mapping[str, Any]
    faults: list[Fault] = field(repr=False)

    @classmethod
    def of(cls, path: str, value: Any, faults: list[Fault], *, expected: str) -> Node:
        """The mapping at the path; an empty one and a fault if it is none."""
        if isinstance(value, Mapping):
            return cls(path, {str(key): inner for key, inner in value.items()}, faults)
        faults.append(Fault(path, FaultCode.NOT_A_MAPPING, found=_shown(value), expected=expected))
        return cls(path, {}, [])  # one fault says it; those of the missing keys would only repeat it

    def only(self, keys: Iterable[str]) -> None:
        """Notes every key that is not one of these."""
        known = list(keys)
        for key in self.values:
            if key not in known:
                self._fault(key, FaultCode.UNKNOWN_KEY, expected=", ".join(known))

    def says(self, key: str) -> bool:
        """Whether anything is written under the key, and not `none`."""
        value = self.values.get(key)
        return value is not None and (isinstance(value, (Mapping, list)) or _text(value) not in _NONE)

    def text(self, key: str, *, longest: int = 80) -> str:
        """A text of one line."""
        value = self._scalar(key)
        if value is not None and not (0 < len(value) <= longest and value.isprintable()):
            self._fault(key, FaultCode.NOT_A_TEXT, expected=f"1-{longest}")
        return value or ""

    def key(self, key: str) -> str:
        """The key of a text: small letters, digits and dashes."""
        return self._matching(key, _KEY, expected="a-z 0-9 -")

    def code(self, key: str, *, capital: bool) -> str:
        """A code of two letters, such as a country (capital) or a language (small)."""
        pattern, expected = (r"[A-Z]{2}", "DE") if capital else (r"[a-z]{2}", "de")
        return self._matching(key, re.compile(pattern), expected=expected)

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`."""
        if default is not None and key not in self.values:
            return default
        value = self._scalar(key)
        if value is None:
            return low
        expected = f"{low}-{high}"
        if not _WHOLE.fullmatch(value):
            self._fault(key, FaultCode.NOT_A_WHOLE_NUMBER, expected=expected)
            return low
        if not low <= int(value) <= high:
            self._fault(key, FaultCode.OUT_OF_RANGE, expected=expected)
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        if key not in self.values:
            return default
        value = (self._scalar(key) or "").lower()
        if value not in _FLAGS:
            self._fault(key, FaultCode.NOT_A_FLAG)
        return _FLAGS.get(value, default)

    def choice(self, key: str, kind: type[_Choice], *, default: _Choice | None = None) -> _Choice:
        """One of the values of the enumeration."""
        values = [choice.value for choice in kind]
        if default is not None and key not in self.values:
            return default
        value = self._scalar(key)
        if value in values:
            return kind(value)
        if value is not None:
            self._fault(key, FaultCode.NOT_ONE_OF, expected=", ".join(values))
        return next(iter(kind))

    def amounts(self, key: str) -> Amounts:
        """Amounts such as `5.00 EUR`, one or a list of them; nothing or `none` = no amount."""
        value = self.values.get(key)
        entries = value if isinstance(value, list) else [value]
        found = [
            self._amount(key, entry) for entry in entries if entry is not None and _text(entry) not in _NONE
        ]
        amounts = sorted((money for money in found if money), key=lambda money: money.currency)
        if len({money.currency for money in amounts}) < len(amounts):
            self._fault(key, FaultCode.CURRENCY_TWICE)
        return tuple(amounts)

    def optional(self, key: str, *, keys: Iterable[str]) -> Node | None:
        """The mapping under the key, holding only these keys; None if it is absent or `none`."""
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value in _NONE):
            return None
        known = list(keys)
        node = Node.of(self._at(key), value, self.faults, expected=", ".join(known))
        node.only(known)
        return node

    def quiet_days(self, key: str) -> tuple[Quiet, ...]:
        """Weekdays and spans of the year, one or a list; none if the key is missing or says so."""
        value = self.values.get(key, "none")
        entries = value if isinstance(value, list) else [] if _text(value).lower() in _NONE else [value]
        found = [quiet_of(_text(entry)) for entry in entries]
        if None in found:
            self._fault(key, FaultCode.NO_QUIET_DAY, expected=EXAMPLE)
        quiet = tuple(one for one in found if one)
        if not leaves_room(quiet):
            self._fault(key, FaultCode.TOO_QUIET)
        return quiet

    def nodes(self, key: str, *, keys: Iterable[str], low: int, high: int) -> list[Node]:
        """The mappings of the list under the key, from `low` to `high` of them, each holding only these keys."""
        entries, known = self.values.get(key), list(keys)
        if not isinstance(entries, list) or not low <= len(entries) <= high:
            self._fault(key, FaultCode.NOT_A_LIST, expected=f"{low}-{high}")
            return []
        nodes = [
            Node.of(f"{self._at(key)}[{place}]", entry, self.faults, expected=", ".join(known))
            for place, entry in enumerate(entries, start=1)
        ]
        for node in nodes:
            node.only(known)
        return nodes

    def _matching(self, key: str, pattern: re.Pattern[str], *, expected: str) -> str:
        value = self._scalar(key)
        if value is not None and not pattern.fullmatch(value):
            self._fault(key, FaultCode.NOT_A_TEXT, expected=expected)
        return value or ""

    def _amount(self, key: str, entry: Any) -> Money | None:
        match = _AMOUNT.fullmatch(_text(entry))
        try:
            if match:
                return Money.of(match[1], match[2])
        except (NotAnAmount, UnknownCurrency, AmountTooLarge):
            pass
        self._fault(key, FaultCode.NOT_AN_AMOUNT, expected="5.00 EUR")
        return None

    def _scalar(self, key: str) -> str | None:
        """The value as text; None and a fault if there is none."""
        if key not in self.values:
            self._fault(key, FaultCode.MISSING)
            return None
        if isinstance(self.values[key], (Mapping, list)):
            self._fault(key, FaultCode.NOT_A_TEXT, expected="1")
            return None
        return _text(self.values[key])

    def _fault(self, key: str, code: FaultCode, *, expected: str = "") -> None:
        found = _shown(self.values[key]) if key in self.values else ""
        self.faults.append(Fault(self._at(key), code, found=found, expected=expected))

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _text(value: Any) -> str:
    """A scalar as a YAML file would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def _shown(value: Any) -> str:
    """What was read, short enough to show."""
    if isinstance(value, Mapping):
        return "{…}"
    return "[…]" if isinstance(value, list) else _text(value)[:60]
