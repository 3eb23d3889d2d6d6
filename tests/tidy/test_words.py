"""Words that must agree: jobs asked for and registered, what the reference lists, what the glossary explains."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from tests.tidy.source import ROOT, Module, chain, module, modules, product

CODES = ("Reason", "Code", "Advice", "Problem", "Fault", "Refusal", "Guard", "State", "Status")
SETTING = re.compile(r"\bDEBITORA_[A-Z][A-Z_]*[A-Z]\b")
OUTSIDE = ("conftest.py", "Makefile", ".ci/run")


def deferred(found: Iterable[Module]) -> Iterator[tuple[str, str | None]]:
    """(where, name) of every job asked for; None where the name is not written out."""
    yield from ((where, name) for verb, where, name in _calls(found) if verb == "defer")


def registered(found: Iterable[Module]) -> list[str]:
    """The names of all jobs, in the order of the modules; periodic ones too."""
    return [name for verb, _, name in _calls(found) if verb in {"job", "periodic"} and name]


def _calls(found: Iterable[Module]) -> Iterator[tuple[str, str, str | None]]:
    for each in found:
        for node in ast.walk(each.tree):
            if (
                isinstance(node, ast.Call)
                and (names := chain(node.func))
                and names[-1] in {"defer", "job", "periodic"}
            ):
                if each.name.startswith("debitora.kit.") or not _is_queues(names):
                    continue
                for text in _written_out(node.args[0], each.tree) if node.args else [None]:
                    yield names[-1], each.at(node), text


def _written_out(name: ast.expr, tree: ast.Module) -> list[str | None]:
    """The texts that an argument can be: itself, or all that its variable is given in this module."""
    if isinstance(name, ast.Name):
        given = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and _gives(node, name.id)
        ]
        return [
            text
            for value in given
            for branch in _branches(value)
            for text in _written_out(branch, ast.Module([], []))
        ] or [None]
    return [name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else None]


def _branches(value: ast.expr) -> list[ast.expr]:
    return [*_branches(value.body), *_branches(value.orelse)] if isinstance(value, ast.IfExp) else [value]


def _gives(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _is_queues(names: list[str]) -> bool:
    return len(names) == 1 or names[-2] == "queue"


def codes(found: Iterable[Module]) -> set[str]:
    """Words of the enumerations that users meet: values of named words, names of numbered reasons."""
    enumerations = (
        node
        for each in found
        for node in ast.walk(each.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(CODES)
    )
    return {word for node in enumerations for line in node.body if (word := _word(node, line))}


def _word(node: ast.ClassDef, line: ast.stmt) -> str | None:
    match [name for base in node.bases for name in chain(base)[-1:]], line:
        case ["StrEnum"], ast.Assign(value=ast.Constant(value=str(word))):
            return word
        case ["IntEnum"], ast.Assign(targets=[ast.Name(id=name)]):
            return name.lower()
    return None


def nouns(found: Iterable[Module]) -> set[str]:
    """Models by their names in words: `ItemState` is "item state"."""
    classes = (
        node
        for each in found
        if each.piece == "models"
        for node in each.tree.body
        if isinstance(node, ast.ClassDef)
    )
    models = (node for node in classes if any(chain(base)[-1:] == ["Model"] for base in node.bases))
    return {re.sub(r"(?<!^)(?=[A-Z])", " ", node.name).lower() for node in models}


def commands(found: Iterable[Module]) -> set[str]:
    """Words that `debitora` understands: first arguments of add_parser."""
    return {
        node.args[0].value
        for each in found
        if each.room == "cli"
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Call) and chain(node.func)[-1:] == ["add_parser"] and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def missing(words: Iterable[str], text: str) -> list[str]:
    """Words that a text does not hold as whole words."""
    return sorted(
        word
        for word in words
        if not re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)
    )


@cache
def _reference() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "reference").rglob("*.md")))


def test_every_job_asked_for_is_registered_once() -> None:
    known = registered(product())
    assert len(known) == len(set(known))
    assert not [(where, name) for where, name in deferred(product()) if name not in known]


def test_the_reference_lists_every_setting() -> None:
    texts = [each.text for each in modules()] + [
        (ROOT / name).read_text("utf-8") for name in OUTSIDE if (ROOT / name).exists()
    ]
    assert not missing({name for text in texts for name in SETTING.findall(text)}, _reference())


def test_the_reference_lists_every_permission() -> None:
    from debitora.people.rules import PERMISSIONS, ROLES

    assert not missing({*PERMISSIONS, *ROLES}, _reference())


def test_the_reference_lists_every_code() -> None:
    assert not missing(codes(product()), _reference())


def test_the_reference_lists_every_command() -> None:
    assert not missing(commands(product()), _reference())


def test_the_glossary_explains_every_noun() -> None:
    assert not missing(nouns(product()), (ROOT / "docs" / "glossary.md").read_text("utf-8"))


def test_planted_job_names_are_found() -> None:
    asked = module(
        "debitora.dunning.actions", "queue.defer('messaging.sned', company=1)\ndefer(name, company=1)"
    )
    either = module("debitora.dunning.jobs", "name = 'a.b' if late else 'a.c'\ndefer(name, company=1)")
    assert [name for _, name in deferred([either])] == ["a.b", "a.c"]
    does = module(
        "debitora.messaging.jobs", "@job('messaging.send')\ndef send(company: int, intent: int): ..."
    )
    assert [name for _, name in deferred([asked, does])] == ["messaging.sned", None]
    assert registered([asked, does]) == ["messaging.send"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("class Reason(StrEnum):\n    PAID = 'paid_meanwhile'", "paid_meanwhile"),
        ("class Reason(IntEnum):\n    CONTACT_CAP = 32", "contact_cap"),
        ("class FaultCode(enum.StrEnum):\n    EMPTY = 'empty_file'", "empty_file"),
    ],
)
def test_planted_codes_are_found(text: str, word: str) -> None:
    assert codes([module("debitora.dunning.rules", text)]) == {word}
    assert missing([word], "the codes are `empty` and `paid`") == [word]
    assert not missing([word], f"the codes are `{word}` and others")


def test_planted_nouns_and_commands_are_found() -> None:
    text = "class ItemState(models.Model): ...\nclass Rows(models.QuerySet): ..."
    assert nouns([module("debitora.receivables.models", text)]) == {"item state"}
    assert commands([module("debitora.cli.main", "sub.add_parser('aging', help='x')")]) == {"aging"}
