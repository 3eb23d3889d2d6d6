"""Foreign keys point downward, and the import contracts bite: what they refuse is planted in a house of paper."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps

from tests.tidy.source import ROOT, contract

PLANTED = {
    "receivables/queries.py": "from debitora.dunning import queries",  # floors: upward
    "dunning/rules.py": "from debitora.dunning import models",  # furniture: upward
    "values/money.py": "import django",  # purity
    "cli/main.py": "from debitora.dunning import pages",  # doors
    "messaging/actions.py": "from debitora.messaging import testing",  # testing
}


def floors() -> dict[str, int]:
    """Room -> height; the ground is 0."""
    layers: list[str] = contract("floors")["layers"]
    return {
        room.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for room in layer.split("|")
    }


def upward(references: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """References (field, from room, to room) whose target stands higher than, or beside, their origin."""
    heights = floors()
    for field, origin, target in references:
        known = origin in heights and target in heights
        if known and origin != target and heights[target] >= heights[origin]:
            yield f"{field} points up to {target}"


def _references() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.many_to_one or (field.one_to_one and not field.auto_created):
                target = field.related_model
                if target is not None and not isinstance(target, str):
                    yield str(field), model._meta.app_label, target._meta.app_label


def _paper_house(root: Path, planted: dict[str, str]) -> None:
    package = root / "debitora"
    for folder in floors():
        (package / folder).mkdir(parents=True)
        (package / folder / "__init__.py").touch()
    (package / "__init__.py").touch()
    for container in contract("furniture")["containers"]:
        for piece in ("rules", "models", "queries", "gates", "actions", "forms", "pages", "jobs", "testing"):
            (package / container.removeprefix("debitora.") / f"{piece}.py").touch()
    for name, line in planted.items():
        (package / name).write_text(f"{line}\n")


def _broken(root: Path) -> set[str]:
    command = Path(sys.executable).with_name("lint-imports")
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    environment = {"PYTHONPATH": str(root), "PATH": "", "COLUMNS": "200"}
    done = subprocess.run(
        [str(command), *config], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    names = {
        identity: contract(identity)["name"]
        for identity in ("floors", "furniture", "purity", "doors", "testing")
    }
    unknown = {
        identity
        for identity, name in names.items()
        if f"{name} KEPT" not in done.stdout and f"{name} BROKEN" not in done.stdout
    }
    return {identity for identity, name in names.items() if f"{name} BROKEN" in done.stdout} | unknown


def test_foreign_keys_point_downward() -> None:
    assert not list(upward(_references()))


def test_planted_references_upward_are_found() -> None:
    assert list(upward([("Item.run", "receivables", "dunning")]))
    assert not list(
        upward([("Notice.customer", "dunning", "receivables"), ("Item.source", "receivables", "documents")])
    )


def test_a_tidy_house_keeps_its_contracts(tmp_path: Path) -> None:
    _paper_house(tmp_path, {})
    assert _broken(tmp_path) == set()


def test_each_contract_refuses_what_it_names(tmp_path: Path) -> None:
    _paper_house(tmp_path, PLANTED)
    assert _broken(tmp_path) == {"floors", "furniture", "purity", "doors", "testing"}


def test_a_new_room_must_choose_its_floor_and_bring_known_furniture(tmp_path: Path) -> None:
    _paper_house(tmp_path, {})
    (tmp_path / "debitora" / "lottery.py").touch()
    (tmp_path / "debitora" / "dunning" / "utils.py").touch()
    assert _broken(tmp_path) == {"floors", "furniture"}
