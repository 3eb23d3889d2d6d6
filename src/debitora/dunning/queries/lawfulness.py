"""What the law says against a strategy, with the company's own texts and the rates that are known."""

from __future__ import annotations

from datetime import date

from debitora.dunning.rules.law.policies import findings
from debitora.dunning.rules.law.rules import Finding
from debitora.dunning.rules.policy import Policy
from debitora.messaging.queries import current_text
from debitora.messaging.queries.texts import NoSuchText
from debitora.values.rates import shipped


def lawfulness(*, policy: Policy, on: date) -> tuple[Finding, ...]:
    """The findings of `rules.law.policies` on the day."""
    return findings(policy, on=on, tables=shipped(), texts=_wording(policy))


def _wording(policy: Policy) -> dict[str, str]:
    """What each step's text says in letter and mail, by its key, in the strategy's language."""
    found = {}
    for key in {step.text for step in policy.steps}:
        try:
            text = current_text(key=f"{key}.{policy.debtor.value}", language=policy.language)
        except NoSuchText:
            continue
        found[key] = f"{text.opening}\n{text.closing}"
    return found
