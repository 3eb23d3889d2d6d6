"""Money is never a float (TRUST M09): no float call, no float literal, no float column where amounts live.

What is no money but needs a fraction says so: a line by `# not money: seconds`, a module in the table below.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.tidy.source import Module, module, product

NEAR_MONEY = {
    "values",
    "formats",
    "engine",
    "documents",
    "receivables",
    "messaging",
    "dunning",
    "exchange",
    "desk",
    "cli",
    "demo",
}
FLOAT_TYPES = {"Float32", "Float64", "FloatField", "float32", "float64"}
NO_MONEY_IN = {
    "debitora.demo.customers": "drawn from distributions",
    "debitora.demo.invoices": "drawn from distributions, rounded to minor units before anything is added up",
    "debitora.demo.payments": "drawn from distributions, rounded to minor units before anything is added up",
    "debitora.formats.delimited": "shares of lines",
    "debitora.formats.guess": "likelihoods of what a column means",
    "debitora.formats.headers": "likelihoods of what a column means",
    "debitora.formats.notation": "likelihoods of how a list is written",
    "debitora.formats.profiles": "shares of cells",
    "debitora.messaging.rules.measures": "millimetres and points on paper",
}
EXCUSE = "# not money: "


def floats(of: Module) -> Iterator[str]:
    """Floats in rooms where amounts live, unless the line says what they are."""
    if of.room not in NEAR_MONEY or of.name in NO_MONEY_IN:
        return
    lines = of.text.splitlines()
    for node in ast.walk(of.tree):
        if _is_float(node) and EXCUSE not in lines[node.lineno - 1]:
            yield f"{of.at(node)} uses a float"


def _is_float(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=float()):
            return True
        case ast.Call(func=ast.Name(id="float")):
            return True
        case ast.Attribute(attr=attr):
            return attr in FLOAT_TYPES
    return False


def test_money_is_never_a_float() -> None:
    assert not [fault for each in product() for fault in floats(each)]


@pytest.mark.parametrize(
    "text", ["x = 0.19", "x = float(amount)", "x = pl.Float64", "fee = models.FloatField()"]
)
def test_planted_floats_are_found(text: str) -> None:
    assert list(floats(module("debitora.receivables.actions", text)))


def test_excuses_are_still_needed() -> None:
    known = {each.name for each in product()}
    assert known >= set(NO_MONEY_IN)


def test_what_is_no_money_may_say_so() -> None:
    assert not list(floats(module("debitora.messaging.actions", "wait = 0.5  # not money: seconds")))
    assert not list(floats(module("debitora.kit.postgres", "wait = 0.5")))
