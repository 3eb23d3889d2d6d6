"""The text of an element, as a file has it -> the fields that its shape finds, without building the element.

The entries of a bank are laid out alike: the same marks follow each other, only the texts between them differ. So the first of each
layout is built and planned as an element; what is laid out like it is one match of a pattern.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from lxml import etree

from debitora.formats.bank.elements import Fields, Shape, currency_of, gathered, local_name

_MARK: Final = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_TEXT: Final = "[^<]*+"
_REFERENCE: Final = re.compile(r"&(?:#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NUMBER: Final = re.compile(r"&#(x?[0-9A-Fa-f]+);")
_CHARACTERS: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MAX_RECENT: Final = 6
_MAX_LAYOUTS: Final = 300
_MAX_DEPTH: Final = 50
_MAX_MARKS: Final = 400
"""More marks than that are read as an element: to write their pattern would cost more than it saves."""


class NotPlain(Exception):
    """The text is not the whole inside of an element, or holds one that stands apart: it must be read with its document."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The fields of one element, in the order of the document: those that one text makes, and those that several make.

    Each text by its place among those of the layout, the name of the field, and the currency of an amount (` EUR`).
    """

    single: Sequence[tuple[int, str, str]]
    repeated: Sequence[tuple[int, str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A sequence of marks. pattern: a group for each text that is wanted; elements: whose fields they become."""

    pattern: re.Pattern[str]
    elements: Sequence[Wanted]


class Layouts:
    """The layouts in which elements were met.

    shape: of the element; inner: of elements within it, by their local names; apart: names that must not stand inside.
    """

    def __init__(
        self, shape: Shape, inner: Mapping[str, Shape] | None = None, *, apart: frozenset[str] = frozenset()
    ) -> None:
        self._shape, self._inner, self._apart = shape, inner or {}, apart
        self._recent: tuple[Layout, ...] = ()
        self._known: dict[tuple[str, ...], Layout] = {}

    def fields_of(self, inside: str) -> list[Fields]:
        """The fields of an element and of those within it that have a shape of their own, in the order of the document.

        inside: what stands between its marks, without declarations, comments, instructions, CDATA and characters that XML has not.
        Raises NotPlain, also where it is not well-formed.
        """
        layout, texts = self.texts_of(inside) or (None, ())
        if layout is None:
            return [shape.fields_of(element) for element, shape in self._shaped(inside)]
        return _fields(layout, texts)

    def texts_of(self, inside: str) -> tuple[Layout, Sequence[str]] | None:
        """Its layout and texts; None where it must be read as an element. Raises NotPlain as `fields_of`."""
        is_escaped = "&" in inside
        if is_escaped:
            _check_references(inside)
        for layout in self._recent:
            found = layout.pattern.fullmatch(inside)
            if found:
                break
        else:
            known = self._looked_up(inside)
            if known is None:
                return None
            layout, found = known
        return layout, [*map(_unescaped, found.groups())] if is_escaped else found.groups()

    def _looked_up(self, inside: str) -> tuple[Layout, re.Match[str]] | None:
        """By one of the layouts that were not met lately, or by a new one."""
        marks = tuple(_MARK.findall(inside))
        layout = self._known.get(marks)
        if layout is None:
            if _depth(marks) > _MAX_DEPTH:
                raise NotPlain
            if len(marks) > _MAX_MARKS or len(self._known) >= _MAX_LAYOUTS:
                return None
            layout = self._known[marks] = _layout(self._shaped(inside), marks)
        self._recent = (layout, *self._recent[: _MAX_RECENT - 1])
        found = layout.pattern.fullmatch(inside)
        if not found:
            raise NotPlain
        return layout, found

    def _shaped(self, inside: str) -> list[tuple[etree._Element, Shape]]:
        """The element around this text, and those within it that have a shape, with their shapes. Raises NotPlain."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            element = etree.fromstring(f"<inside>{inside}</inside>", parser)
        except etree.XMLSyntaxError as refused:
            raise NotPlain from refused
        named = [(each, local_name(each)) for each in element.iter()]
        inner = {each: self._inner[name] for each, name in named if name in self._inner}
        is_nested = any(above in inner for each in inner for above in each.iterancestors())
        if is_nested or any(name in self._apart for _, name in named):
            raise NotPlain
        return [(element, self._shape), *inner.items()]


def _depth(marks: Sequence[str]) -> int:
    """How many elements stand in each other at most, where all that are opened are closed."""
    steps = (-1 if mark.startswith("</") else 0 if mark.endswith("/>") else 1 for mark in marks)
    return max(accumulate(steps), default=0)


def _layout(shaped: Sequence[tuple[etree._Element, Shape]], marks: Sequence[str]) -> Layout:
    """The layout of the first of these elements, which holds the others, with these marks inside."""
    descendants = list(shaped[0][0].iter())[1:]
    opening = [mark for mark in marks if not mark.startswith("</")]
    has_text = {each for each, mark in zip(descendants, opening, strict=True) if not mark.endswith("/>")}
    leaves = [
        [(leaf, name) for leaf, name in shape.leaves_of(each) if leaf in has_text] for each, shape in shaped
    ]
    wanted = {leaf for each in leaves for leaf, _ in each}
    places = {leaf: place for place, leaf in enumerate(each for each in descendants if each in wanted)}
    elements, pattern = iter(descendants), [_TEXT]
    for mark in marks:
        is_wanted = not mark.startswith("</") and next(elements) in wanted
        pattern.append(f"{re.escape(mark)}({_TEXT})" if is_wanted else re.escape(mark) + _TEXT)
    return Layout(re.compile("".join(pattern)), [_wanted(each, places) for each in leaves])


def _wanted(leaves: Sequence[tuple[etree._Element, str]], places: Mapping[etree._Element, int]) -> Wanted:
    """The texts of one element by its leaves."""
    counts = Counter(name for _, name in leaves)
    texts = [(places[leaf], name, currency_of(name, leaf)) for leaf, name in leaves]
    return Wanted(
        [each for each in texts if counts[each[1]] == 1], [each for each in texts if counts[each[1]] > 1]
    )


def _fields(layout: Layout, texts: Sequence[str]) -> list[Fields]:
    """The texts of a layout as fields."""
    return [
        {name: text + currency for place, name, currency in wanted.single if (text := texts[place].strip())}
        | (_repeated(wanted, texts) if wanted.repeated else {})
        for wanted in layout.elements
    ]


def _repeated(wanted: Wanted, texts: Sequence[str]) -> Fields:
    """The fields that several texts make."""
    found: Fields = {}
    for place, name, currency in wanted.repeated:
        if text := texts[place].strip():
            gathered(found, name, text + currency)
    return found


def _check_references(inside: str) -> None:
    """Raises NotPlain where a reference is none, or stands for no character."""
    left = _REFERENCE.sub("", inside)
    if "&" in left or not all(map(_is_character, _NUMBER.findall(inside))):
        raise NotPlain


def _is_character(number: str) -> bool:
    """Whether XML has a character of this number, which is hexadecimal after an x."""
    code = int(number[1:], 16) if number.startswith("x") else int(number)
    return (
        code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    )


def _unescaped(text: str) -> str:
    """The text with the characters that its references stand for."""
    return _REFERENCE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    number, name = found.groups()
    if name:
        return _CHARACTERS[name]
    return chr(int(number[1:], 16) if number.startswith("x") else int(number))
