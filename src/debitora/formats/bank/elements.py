"""Elements of XML -> flat fields, by a tree of names: what is not named there is not looked at.

A tree maps the name of an element, without its namespace, to the tree of its children or to the field that its text becomes.
A field stands for the first text at or below its element: banks write `<Sts>BOOK</Sts>` and `<Sts><Cd>BOOK</Cd></Sts>`, a day
or a moment, an IBAN or another number in one place. Amounts carry their currency: `12.40 EUR`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from lxml import etree

from debitora.formats.bank.fields import MAX_TEXT

Tree: TypeAlias = Mapping[str, "str | Tree"]
"""Local names of elements, and what becomes of them."""
Fields: TypeAlias = dict[str, str]
"""Field -> text; what stands several times is one text with line ends between."""

_CURRENCY: Final = "Ccy"
_AMOUNTS: Final = frozenset({"amount", "instructed", "transaction", "counter", "fee"})
_NAMESPACE_END: Final = "}"


class _Rule(NamedTuple):
    """What becomes of an element: the field of its text, or the rules for the tags of its children."""

    field: str
    below: dict[str, _Rule]


class Shape:
    """A tree of names, ready to be compared with the elements of any namespace."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._named = lru_cache(maxsize=16)(self._in_namespace)

    def fields_of(self, element: etree._Element) -> Fields:
        """The fields at and below an element."""
        found: Fields = {}
        _collect(element, self._named(namespace_of(element)), found)
        return found

    def _in_namespace(self, namespace: str) -> dict[str, _Rule]:
        return _rules(self._tree, namespace)


def namespace_of(element: etree._Element) -> str:
    """The namespace as it stands before the name of a tag: `{urn:...}`, or nothing."""
    start, mark, _ = str(element.tag).rpartition(_NAMESPACE_END)
    return start + mark


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition(_NAMESPACE_END)[2]


def _rules(tree: Tree, namespace: str) -> dict[str, _Rule]:
    return {
        namespace + name: _Rule(below, {}) if isinstance(below, str) else _Rule("", _rules(below, namespace))
        for name, below in tree.items()
    }


def _collect(element: etree._Element, rules: dict[str, _Rule], found: Fields) -> None:
    """Add the fields below an element to those that are known. (Most of the time of reading a message is spent here.)"""
    for child in element:
        rule = rules.get(child.tag)
        if rule is None:
            continue
        name, below = rule
        if below:
            _collect(child, below, found)
        elif text := _text(child) if name in _AMOUNTS or len(child) else (child.text or "").strip():
            known = found.get(name)
            if known is None:
                found[name] = text
            elif len(known) < MAX_TEXT:
                found[name] = f"{known}\n{text}"


def _text(element: etree._Element) -> str:
    """The first text at or below an element, an amount with its currency."""
    while len(element):
        element = element[0]
    text = (element.text or "").strip()
    currency = element.get(_CURRENCY)
    return f"{text} {currency}" if text and currency else text
