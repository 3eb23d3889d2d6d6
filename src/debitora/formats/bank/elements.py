"""Elements of XML -> flat fields, by a tree of names: what is not named there is not looked at.

A tree maps the name of an element, without its namespace, to the tree of its children or to the field that its text becomes.
A field stands for the first text at or below its element: banks write `<Sts>BOOK</Sts>` and `<Sts><Cd>BOOK</Cd></Sts>`, a day
or a moment, an IBAN or another number in one place. Amounts carry their currency: `12.40 EUR`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from lxml import etree

from debitora.formats.bank.fields import MAX_TEXT

Tree: TypeAlias = Mapping[str, "str | Tree"]
"""Local names of elements, and what becomes of them."""
Fields: TypeAlias = dict[str, str]
"""Field -> text; what stands several times is one text with line ends between."""

_CURRENCY: Final = "Ccy"
_AMOUNTS: Final = frozenset({"amount", "instructed", "transaction", "counter", "fee"})
_NAMESPACE_END: Final = "}"
_MAX_PLANNED: Final = 200
_MAX_PLANS: Final = 500

_Plan: TypeAlias = tuple[tuple[int, str], ...]
"""The places, in the order of the document, of the elements whose texts are wanted, and their fields."""


class Shape:
    """A tree of names. The entries of a bank are built alike: where their fields stand is found once for each build."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._plans: dict[tuple[object, ...], _Plan] = {}

    def fields_of(self, element: etree._Element) -> Fields:
        """The fields at and below an element."""
        elements = list(element.iter())
        if len(elements) > _MAX_PLANNED:
            return _read(elements, _planned(element, elements, self._tree))
        build = (*[each.tag for each in elements], *map(len, elements))
        plan = self._plans.get(build)
        if plan is None:
            plan = _planned(element, elements, self._tree)
            if len(self._plans) < _MAX_PLANS:
                self._plans[build] = plan
        return _read(elements, plan)

    def leaves_of(self, element: etree._Element) -> list[tuple[etree._Element, str]]:
        """The elements at and below this one whose texts are wanted, in the order of the document, and their fields."""
        return list(_leaves(element, self._tree))


def namespace_of(element: etree._Element) -> str:
    """The namespace as it stands before the name of a tag: `{urn:...}`, or nothing."""
    start, mark, _ = str(element.tag).rpartition(_NAMESPACE_END)
    return start + mark


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition(_NAMESPACE_END)[2]


def currency_of(name: str, element: etree._Element) -> str:
    """What follows the text of a field: ` EUR` where it is an amount, else nothing."""
    return f" {element.get(_CURRENCY, '')}" if name in _AMOUNTS else ""


def gathered(found: Fields, name: str, text: str) -> None:
    """Put a text to the field, on a line of its own where the field has one already; what is long enough does not grow."""
    known = found.get(name)
    if known is None:
        found[name] = text
    elif len(known) < MAX_TEXT:
        found[name] = f"{known}\n{text}"


def _planned(element: etree._Element, elements: list[etree._Element], tree: Tree) -> _Plan:
    """Where the fields of an element stand. Tags and numbers of children, in the order of the document, tell one build from another."""
    places = {each: place for place, each in enumerate(elements)}
    return tuple((places[leaf], name) for leaf, name in _leaves(element, tree))


def _leaves(element: etree._Element, tree: Tree) -> Iterator[tuple[etree._Element, str]]:
    """(element, field) of each text that the tree names."""
    for child in element:
        below = tree.get(local_name(child))
        if isinstance(below, str):
            yield _first_leaf(child), below
        elif below is not None:
            yield from _leaves(child, below)


def _first_leaf(element: etree._Element) -> etree._Element:
    """The first element at or below this one that has none below."""
    while len(element):
        element = element[0]
    return element


def _read(elements: list[etree._Element], plan: _Plan) -> Fields:
    """The texts at the places of a plan, amounts with their currencies."""
    found: Fields = {}
    for place, name in plan:
        text = (elements[place].text or "").strip()
        if text:
            gathered(found, name, text + currency_of(name, elements[place]))
    return found
