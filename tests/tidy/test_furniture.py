"""Every room has the same furniture and nothing else, its sign at the door, and small pieces."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.tidy.source import PACKAGE, ROOT, Module, contract, folders, module, modules, product, rooms

PIECES = {
    "actions",
    "api",
    "apps",
    "forms",
    "gates",
    "jobs",
    "models",
    "pages",
    "queries",
    "rules",
    "testing",
    "urls",
}
FOLDERS = {
    "letters",
    "locale",
    "migrations",
    "presets",
    "sql",
    "templates",
    "templatetags",
    "tests",
    "__pycache__",
}
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_SIGN_LINES = 40
WRITTEN_BY_HAND = {".css", ".html", ".js", ".md", ".py", ".sql", ".typ", ".yaml"}


def out_of_place(room: Path) -> Iterator[str]:
    """Files and folders of a room that are no furniture."""
    for path in sorted(room.iterdir()):
        known = (
            PIECES | FOLDERS
            if path.is_dir()
            else {f"{piece}.py" for piece in PIECES} | {"__init__.py", "README.md"}
        )
        if path.name not in known:
            yield f"{room.name}/{path.name} is no furniture (ARCHITECTURE.md)"


def unsigned(folder: Path) -> Iterator[str]:
    """A missing sign, or one too long to be read at the door."""
    sign = folder / "README.md"
    if not sign.exists():
        yield f"{folder.name} has no README.md"
    elif len(sign.read_text("utf-8").splitlines()) > MOST_SIGN_LINES:
        yield f"{folder.name}/README.md is longer than {MOST_SIGN_LINES} lines"


def overgrown_functions(of: Module) -> Iterator[str]:
    """Functions that no longer fit on a screen."""
    for node in ast.walk(of.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > MOST_FUNCTION_LINES:
                yield f"{of.at(node)} {node.name} has {lines} lines"


def overgrown_files(files: Iterable[Path]) -> Iterator[str]:
    """Files longer than anybody wants to read; what outgrows them becomes a package, split by noun."""
    for path in files:
        lines = len(path.read_text("utf-8").splitlines())
        if lines > MOST_LINES:
            yield f"{path.name} has {lines} lines"


def busy_entrances(of: Module) -> Iterator[str]:
    """A room's __init__ says what the room is, and does nothing."""
    if of.name.count(".") == 1 and len(of.tree.body) != (ast.get_docstring(of.tree) is not None):
        yield f"{of.name}/__init__.py holds more than a docstring"


def overridden_saves(of: Module) -> Iterator[str]:
    """Models that decide something while being saved."""
    for node in ast.walk(of.tree):
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"} and of.piece == "models":
            yield f"{of.at(node)} overrides {node.name}()"


def tracked(root: Path) -> list[Path]:
    """The repository's files: what git knows or would add; all files where there is no git."""
    listing = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listing, capture_output=True, check=False)
    if done.returncode:
        return [path for path in root.rglob("*") if path.is_file()]
    return [path for name in done.stdout.decode().split("\0") if name and (path := root / name).is_file()]


def test_the_contracts_list_the_folders() -> None:
    floors = {floor.strip(" ()") for line in contract("floors")["layers"] for floor in line.split("|")}
    assert {folder.name for folder in folders()} == floors
    assert {f"debitora.{room.name}" for room in rooms()} == set(contract("furniture")["containers"])


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_holds_furniture_only(room: Path) -> None:
    assert not list(out_of_place(room))


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_door_has_its_sign(folder: Path) -> None:
    assert not list(unsigned(folder))


def test_functions_fit_on_a_screen() -> None:
    assert not [fault for each in modules() for fault in overgrown_functions(each)]


def test_files_can_be_read_in_one_go() -> None:
    skipped = ("migrations", "locale", "corpus", "node_modules")
    by_hand = [path for path in tracked(ROOT) if path.suffix in WRITTEN_BY_HAND]
    assert not list(overgrown_files(path for path in by_hand if not set(skipped) & set(path.parts)))


def test_entrances_are_quiet() -> None:
    assert not [fault for each in _entrances() for fault in busy_entrances(each)]


def test_models_decide_nothing_while_saved() -> None:
    assert not [fault for each in product() for fault in overridden_saves(each)]


def test_planted_furniture_is_found(tmp_path: Path) -> None:
    (tmp_path / "utils.py").touch()
    (tmp_path / "README.md").write_text("line\n" * 41)
    assert list(out_of_place(tmp_path)) == [f"{tmp_path.name}/utils.py is no furniture (ARCHITECTURE.md)"]
    assert list(unsigned(tmp_path)) == [f"{tmp_path.name}/README.md is longer than 40 lines"]
    assert list(unsigned(tmp_path / "nowhere")) == ["nowhere has no README.md"]


def test_planted_growth_is_found(tmp_path: Path) -> None:
    long = module("debitora.dunning.actions", "def run():\n" + "    pass\n" * 60)
    assert list(overgrown_functions(long)) == ["debitora.dunning.actions:1 run has 61 lines"]
    (tmp_path / "pages.py").write_text("pass\n" * 401)
    assert list(overgrown_files(tmp_path.iterdir())) == ["pages.py has 401 lines"]


def test_planted_business_in_entrances_and_models_is_found() -> None:
    assert list(busy_entrances(module("debitora.dunning", '"""Room."""\nimport os\n')))
    assert not list(busy_entrances(module("debitora.dunning", '"""Room."""\n')))
    assert list(overridden_saves(module("debitora.dunning.models", "class Run:\n    def save(self): ...\n")))


def _entrances() -> list[Module]:
    return [
        each
        for each in product()
        if (PACKAGE / each.room / "__init__.py").exists() and each.name.count(".") == 1
    ]
