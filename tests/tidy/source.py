"""The product's source as data: parsed once, asked by every tidy test."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "debitora"
UNFURNISHED = frozenset({"config", "cli", "demo", "kit", "engine", "formats", "values"})
"""Floors that are no rooms of a business noun: they have no furniture, but a sign."""


@dataclass(frozen=True, slots=True)
class Module:
    """One Python module: `debitora.dunning.rules.steps` stands in room `dunning`, on the piece `rules`."""

    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return [*self.name.split("."), ""][1]

    @property
    def piece(self) -> str:
        return [*self.name.split("."), "", ""][2]

    @property
    def is_test(self) -> bool:
        return "tests" in self.name.split(".") or self.piece == "testing"

    def at(self, node: ast.AST) -> str:
        """Where a fault stands, as the tests print it: `debitora.dunning.pages:12`."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


def module(name: str, text: str) -> Module:
    """A module from text: the way to plant a fault."""
    return Module(name, text, ast.parse(text))


@cache
def modules() -> tuple[Module, ...]:
    """All modules of the product, tests within rooms included, in the order of their names."""
    return tuple(module(_dotted(path), path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py")))


def product() -> tuple[Module, ...]:
    """All modules that are shipped: no tests, no builders for tests."""
    return tuple(each for each in modules() if not each.is_test)


def furnished() -> tuple[Module, ...]:
    """The modules of rooms that stand for a business noun."""
    return tuple(each for each in product() if each.room and each.room not in UNFURNISHED)


@cache
def settings() -> dict[str, Any]:
    """pyproject.toml, read."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def contract(identity: str) -> dict[str, Any]:
    """One contract of import-linter, as it stands in pyproject.toml."""
    contracts: list[dict[str, Any]] = settings()["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["id"] == identity)


def folders() -> list[Path]:
    """The folders of the house: rooms and floors."""
    return sorted(
        path for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))
    )


def rooms() -> list[Path]:
    """The folders of rooms with furniture."""
    return [path for path in folders() if path.name not in UNFURNISHED]


def imports(of: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every import of the module, inside functions too, as (node, dotted name of what is imported)."""
    for node in ast.walk(of.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(of, node)
            yield from ((node, f"{origin}.{alias.name}") for alias in node.names)


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string constant, f-string pieces included, docstrings excluded."""
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def chain(node: ast.expr) -> list[str]:
    """Names along an attribute chain: `Item.objects.filter(x).update` is [Item, objects, filter, update]."""
    names: list[str] = []
    while True:
        match node:
            case ast.Attribute():
                names.append(node.attr)
                node = node.value
            case ast.Call():
                node = node.func
            case ast.Name():
                return [node.id, *reversed(names)]
            case _:
                return list(reversed(names))


def _origin(of: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = of.name.split(".")[: -node.level]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, kinds) and bool(node.body) and ast.get_docstring(node, clean=False) is not None


def _dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
