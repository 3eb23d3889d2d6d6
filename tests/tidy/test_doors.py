"""Who may knock where: the doors of a room, its tables, and what pages may not do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.tidy.source import (
    PACKAGE,
    UNFURNISHED,
    Module,
    chain,
    furnished,
    imports,
    module,
    modules,
    product,
    rooms,
    texts,
)

ROOMS = {room.name for room in rooms()}
DOORS = {"actions", "queries", "gates", "rules", "models"}
THIN = {"pages", "api", "jobs", "forms", "urls"}
WRITERS = {"actions", "models", "migrations", "testing", "tests"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
READS = {"objects", "_default_manager", "_base_manager", "cursor", "raw"}
SQL_WRITE = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy)\s+(\w+)", re.IGNORECASE
)
SQL_STATEMENT = re.compile(
    r"\b(?:insert\s+into\s+\w+|update\s+\w+(?:\s+\w+)?\s+set\b|delete\s+from\s+\w+|merge\s+into\s+\w+)",
    re.IGNORECASE,
)
QUERY_IN_TEMPLATE = re.compile(r"\.objects\b|\w_set\b|\.all\b(?!\w)")


def past_the_doors(of: Module) -> Iterator[str]:
    """Imports from another room that go through no door. `config` wires everything; tests use other rooms' builders."""
    if of.room in {"config", ""}:
        return
    for node, name in imports(of):
        _, room, piece, *_ = [*name.split("."), "", ""]
        if not name.startswith("debitora.") or room == of.room or room in UNFURNISHED:
            continue
        if piece not in DOORS | ({"testing"} if of.is_test else set()):
            yield f"{of.at(node)} reaches {name} past the doors of {room}"


def foreign_writes(of: Module) -> Iterator[str]:
    """Rows of another room that are made or changed here instead of by that room's actions."""
    foreign = {
        alias.asname or alias.name
        for node in ast.walk(of.tree)
        if isinstance(node, ast.ImportFrom) and _other_rooms_models(of, node)
        for alias in node.names
    }
    for node in ast.walk(of.tree):
        if (
            isinstance(node, ast.Call)
            and (names := chain(node.func))
            and names[0] in foreign
            and _writes(names)
        ):
            yield f"{of.at(node)} writes {names[0]}, a model of another room"
    for text in texts(of.tree):
        for table in SQL_WRITE.findall(text.value):
            room = table.partition("_")[0]
            if room != of.room and room in ROOMS:
                yield f"{of.at(text)} writes the table {table} of another room"


def reads_past_queries(of: Module) -> Iterator[str]:
    """Database access in what should only fetch through a gate and call one query or action."""
    if of.piece not in THIN:
        return
    for node in ast.walk(of.tree):
        if isinstance(node, ast.Attribute) and node.attr in READS:
            yield f"{of.at(node)} uses .{node.attr}"


def writes_past_actions(of: Module) -> Iterator[str]:
    """Rows written anywhere but in actions (and what makes test data and migrations). Pure rules reach no database."""
    if of.piece in WRITERS | {"rules"}:
        return
    for node in ast.walk(of.tree):
        if isinstance(node, ast.Call) and _writes_rows(chain(node.func)):
            yield f"{of.at(node)} writes"
    for text in texts(of.tree):
        if SQL_STATEMENT.search(text.value):
            yield f"{of.at(text)} writes by SQL"


def queries_in_templates(name: str, text: str) -> Iterator[str]:
    """Templates render what they are given."""
    for number, line in enumerate(text.splitlines(), 1):
        for tag in re.findall(r"{[{%].*?[%}]}", line):
            if QUERY_IN_TEMPLATE.search(tag):
                yield f"{name}:{number} asks the database"


def _other_rooms_models(of: Module, node: ast.ImportFrom) -> bool:
    parts = (node.module or "").split(".")
    return parts[0] == "debitora" and parts[2:3] == ["models"] and parts[1] != of.room


def _writes(names: list[str]) -> bool:
    return len(names) == 1 or names[-1] in WRITES


def _writes_rows(names: list[str]) -> bool:
    bulk = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    through_manager = "objects" in names and names[-1] in WRITES
    return bool(names) and (names[-1] in bulk or through_manager or (names[-1] == "save" and len(names) > 1))


def test_other_rooms_are_entered_through_their_doors() -> None:
    assert not [fault for each in modules() for fault in past_the_doors(each)]


def test_a_room_writes_only_its_own_rows() -> None:
    assert not [
        fault for each in product() if each.room not in {"kit", "config"} for fault in foreign_writes(each)
    ]


def test_pages_and_jobs_ask_queries() -> None:
    assert not [fault for each in product() for fault in reads_past_queries(each)]


def test_only_actions_write() -> None:
    assert not [fault for each in furnished() for fault in writes_past_actions(each)]


def test_templates_ask_nothing() -> None:
    found = [
        (str(path.relative_to(PACKAGE)), path.read_text("utf-8"))
        for path in PACKAGE.rglob("templates/**/*.html")
    ]
    assert not [fault for name, text in found for fault in queries_in_templates(name, text)]


@pytest.mark.parametrize(
    "line",
    [
        "from debitora.receivables import pages",
        "from debitora.receivables.forms import HoldForm",
        "import debitora.receivables.jobs",
        "def late():\n    from debitora.receivables.pages import items",
        "from debitora.receivables import testing",
    ],
)
def test_planted_side_entrances_are_found(line: str) -> None:
    assert list(past_the_doors(module("debitora.dunning.pages", line)))


@pytest.mark.parametrize(
    "line",
    [
        "from debitora.receivables import actions",
        "from debitora.receivables.models import Item",
        "from debitora.kit import tables",
        "from debitora.dunning.forms import StrategyForm",
    ],
)
def test_doors_are_open(line: str) -> None:
    assert not list(past_the_doors(module("debitora.dunning.pages", line)))


@pytest.mark.parametrize(
    "use",
    [
        "Item.objects.filter(id=1).update(x=2)",
        "Item.objects.create(id=1)",
        "Item(id=1)",
        "run('insert into receivables_item values (1)')",
    ],
)
def test_planted_foreign_writes_are_found(use: str) -> None:
    text = f"from debitora.receivables.models import Item\n{use}\n"
    assert list(foreign_writes(module("debitora.dunning.actions", text)))
    assert not list(foreign_writes(module("debitora.receivables.actions", text)))


@pytest.mark.parametrize("use", ["Run.objects.get(id=1)", "connection.cursor()"])
def test_planted_reads_in_pages_are_found(use: str) -> None:
    assert list(reads_past_queries(module("debitora.dunning.pages", use)))
    assert not list(reads_past_queries(module("debitora.dunning.queries", use)))


@pytest.mark.parametrize(
    "use",
    [
        "Run.objects.create()",
        "run.save()",
        "Run.objects.bulk_create([])",
        "run('update dunning_run set state = 1')",
    ],
)
def test_planted_writes_in_queries_are_found(use: str) -> None:
    assert list(writes_past_actions(module("debitora.dunning.queries", use)))
    assert not list(writes_past_actions(module("debitora.dunning.actions.runs", use)))


def test_reading_and_locking_are_no_writes() -> None:
    harmless = "facts.update(a=1)\nrun('select 1 from dunning_run for update of dunning_run')\nseen.create"
    assert not list(writes_past_actions(module("debitora.dunning.queries", harmless)))


def test_planted_queries_in_templates_are_found() -> None:
    assert list(queries_in_templates("a.html", "{% for line in notice.line_set.all %}"))
    assert not list(queries_in_templates("a.html", "{% for line in lines %}{{ line.allowed }} in all"))
