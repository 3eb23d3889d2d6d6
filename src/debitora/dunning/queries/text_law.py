"""What the law demands of the wording of a text: sentences that a strategy's letters must hold, looked for while one is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.dunning.queries.rates import rate_tables
from debitora.dunning.queries.strategies import StrategyRow, strategies
from debitora.dunning.rules.law.policies import findings
from debitora.dunning.rules.law.rules import Finding, Rule
from debitora.dunning.rules.law.steps import fee_in_euros
from debitora.dunning.rules.policy import Policy

OF_WORDING: Final = frozenset({Rule.DUTCH_LETTER_SILENT, Rule.BELGIAN_SILENT})
"""The rules that ask what a text says; all others ask what a strategy does."""


@dataclass(frozen=True, slots=True)
class TextLaw:
    """The strategies that use a text in a language, and for each the findings against its wording."""

    users: tuple[str, ...]
    findings: Mapping[str, tuple[Finding, ...]]


def text_law(*, key: str, language: str, wording: Mapping[str, str], on: date) -> TextLaw:
    """Hold a wording (its parts by name) against the strategies whose steps say it. `key`: "notice1.consumer"."""
    step, _, debtor = key.partition(".")
    users = [row for row in strategies() if row.policy.debtor.value == debtor and _says(row, step, language)]
    texts = {step: f"{wording.get('opening', '')}\n{wording.get('closing', '')}"}
    found = {row.name: _against(row.policy, texts, on) for row in users}
    return TextLaw(
        users=tuple(row.name for row in users), findings={name: said for name, said in found.items() if said}
    )


def _says(row: StrategyRow, step: str, language: str) -> bool:
    policy = row.policy
    return any(one.text == step and (one.language or policy.language) == language for one in policy.steps)


def _against(policy: Policy, texts: Mapping[str, str], on: date) -> tuple[Finding, ...]:
    """What the wording leaves out; the texts of other steps count as naming every fee, for they have their own pages."""
    fees = (fee_in_euros(policy, level) for level in range(1, len(policy.steps) + 1))
    named = " ".join(f"{fee // 100}.{fee % 100:02d}" for fee in fees)
    said = {**{one.text: named for one in policy.steps}, **texts}
    found = findings(policy, on=on, tables=rate_tables(), texts=said)
    return tuple(one for one in found if one.rule in OF_WORDING)
