"""docs/reference/law.md lists every rule as the program has it; its table is made by `table` and compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from debitora.dunning.rules.law.rules import Rule

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "law.md"


def table() -> str:
    """The rules as rows, in the order of the program."""
    rows = ["| rule | severity | what it says | law | certainty |", "| --- | --- | --- | --- | --- |"]
    for rule in Rule:
        text = rule.text
        says = f"{text.says} {text.remedy}".replace("%(", "{").replace(")s", "}")
        law = "the law of the interest" if "%(" in text.law else text.law
        rows.append(f"| `{rule.value}` | {text.severity.value} | {says} | {law} | {text.certainty.value} |")
    return "\n".join(rows)


def test_the_reference_lists_the_rules_as_they_are() -> None:
    assert table() in PAGE.read_text("utf-8"), "write the table of this test into docs/reference/law.md"


@pytest.mark.parametrize("language", ["de", "fr", "nl"])
def test_every_rule_is_said_in_every_language(language: str) -> None:
    with override(language):
        said = {text for rule in Rule for text in (rule.text.says, rule.text.remedy)}
        assert not sorted(text for text in said if gettext(text) == text)
