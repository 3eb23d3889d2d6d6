"""What a step of a strategy asks for beside the sum, as the rules of law look at it."""

from __future__ import annotations

from debitora.dunning.rules.policy import Channel, Interest, Policy, amount_in
from debitora.values.money import Money


def place(level: int, key: str) -> str:
    """The path of a step's value, as faults name it."""
    return f"steps[{level}].{key}"


def costs(policy: Policy, level: int) -> str:
    """The key of the cost that the step asks for; empty if none."""
    step = policy.step(level)
    if step.fee:
        return "fee"
    return "claim_lump_sum" if step.claim_lump_sum and policy.claims.lump_sum else ""


def asked_for(policy: Policy, level: int) -> str:
    """The key of whatever the step asks for beside the sum, interest included; empty if nothing."""
    interest = policy.step(level).claim_interest and policy.claims.interest is not Interest.NONE
    return costs(policy, level) or ("claim_interest" if interest else "")


def written(policy: Policy) -> list[int]:
    """The levels whose notice is in writing, and can be proved."""
    return [level for level, step in enumerate(policy.steps, start=1) if step.channel is not Channel.CALL]


def fee_in_euros(policy: Policy, level: int) -> int:
    """The step's fee in cents, 0 if it has none in euros."""
    return amount_in(policy.step(level).fee, "EUR")


def gap_days(policy: Policy, *, after: int, until: int) -> int:
    """The least number of days between the notices of two levels."""
    return sum(policy.step(level).min_gap_days for level in range(after + 1, until + 1))


def euros(minor: int) -> str:
    """An amount as policy files write it."""
    money = Money(minor, "EUR")
    return f"{money.decimal} {money.currency}"
