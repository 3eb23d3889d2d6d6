"""`debitora policy lint`: what a file asks for that the law forbids, and files that cannot be understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from debitora.cli.answers import REFUSED, USAGE
from debitora.dunning.rules import presets
from tests.terminal import Terminal


@pytest.mark.parametrize("name", presets.names())
def test_what_is_shipped_has_no_findings(name: str, terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(presets.text(name), "utf-8")
    assert terminal.ask("policy", "lint", str(file)) == {"faults": [], "findings": []}


def test_a_finding_names_rule_place_severity_and_law(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    text = presets.text("de-business").replace("minimum_item: 5.00 EUR", "fee: 2.50 EUR", 1)
    file.write_text(text, "utf-8")
    answer = terminal.ask("policy", "lint", str(file), code=REFUSED)
    (found,) = answer["findings"]
    assert (found["rule"], found["place"]) == ("de_cost_causes_default", "steps[1].fee")
    assert (found["severity"], found["law"]) == ("unlawful", "§ 286 BGB; BGH VIII ZR 95/18")


def test_a_file_that_is_no_strategy_ends_with_2(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("policy: 1", "utf-8")
    answer = terminal.ask("policy", "lint", str(file), code=USAGE)
    assert {
        "place": "name",
        "code": "missing",
        "found": "",
        "remedy": "Add this key; it has no default.",
    } in answer["faults"]
    file.write_bytes(b"\xff\xfe")
    assert terminal.say("policy", "lint", file, code=USAGE) == ""
    assert terminal.say("policy", "lint", tmp_path / "none.yaml", code=USAGE) == ""
