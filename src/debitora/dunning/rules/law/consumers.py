"""What Dutch and Belgian law demand before a consumer owes anything beside the sum: a free letter with its time, and caps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from debitora.dunning.rules.law.rules import Finding, Rule
from debitora.dunning.rules.law.scales import BELGIAN_REMINDER_MINOR, belgian_costs, dutch_costs
from debitora.dunning.rules.law.steps import asked_for, euros, fee_in_euros, gap_days, place, written
from debitora.dunning.rules.policy import Channel, Policy, amount_in

DUTCH_LETTER_DAYS: Final = 16
"""Fourteen full days from the day after receipt, which is the day after posting at the earliest."""
BELGIAN_LETTER_DAYS: Final = 20
"""Fourteen days from the third working day after posting, which around Christmas is the sixth day."""
BELGIAN_MAIL_DAYS: Final = 15
"""Fourteen days from the day after an electronic message."""


def dutch(policy: Policy, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Art. 6:96 BW and the WIK scale."""
    for level, asked in _asking(policy):
        free = [one for one in written(policy) if one < level and not asked_for(policy, one)]
        if not free:
            yield Finding(Rule.DUTCH_LETTER_MISSING, place(level, asked))
            continue
        letter = max(free, key=lambda one: (policy.step(one).deadline_days, one))
        yield from _time_left(policy, letter, level, DUTCH_LETTER_DAYS, Rule.DUTCH_LETTER_SHORT)
        yield from _amount_named(policy, letter, level, texts, Rule.DUTCH_LETTER_SILENT)
    for level, _asked in _asking(policy):
        fee, most = fee_in_euros(policy, level), dutch_costs(_least_sum(policy, level))
        if fee > most:
            yield _above(Rule.DUTCH_SCALE, level, fee, most)


def belgian(policy: Policy, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Book XIX of the code of economic law."""
    first = min(written(policy), default=1)
    least = BELGIAN_MAIL_DAYS if policy.step(first).channel is Channel.MAIL else BELGIAN_LETTER_DAYS
    together = 0
    for level, asked in _asking(policy):
        fee = fee_in_euros(policy, level)
        together += fee
        if level <= first:
            yield Finding(Rule.BELGIAN_FIRST_FREE, place(level, asked))
        else:
            yield from _time_left(policy, first, level, least, Rule.BELGIAN_DEADLINE)
            yield from _amount_named(policy, first, level, texts, Rule.BELGIAN_SILENT)
        if fee and not policy.claims.costs_agreed:
            yield Finding(Rule.BELGIAN_NOT_AGREED, place(level, "fee"))
        if fee > BELGIAN_REMINDER_MINOR:
            yield _above(Rule.BELGIAN_REMINDER_FEE, level, fee, BELGIAN_REMINDER_MINOR)
        most = belgian_costs(_least_sum(policy, level))
        if fee and together > most:
            yield _above(Rule.BELGIAN_SCALE, level, together, most)


def _asking(policy: Policy) -> list[tuple[int, str]]:
    """Level and key of all that is asked for beside the sum."""
    levels = range(1, len(policy.steps) + 1)
    return [(level, asked) for level in levels if (asked := asked_for(policy, level))]


def _time_left(policy: Policy, letter: int, level: int, least: int, rule: Rule) -> Iterator[Finding]:
    """The letter's deadline, and the days until the step that asks for more."""
    deadline, gap = policy.step(letter).deadline_days, gap_days(policy, after=letter, until=level)
    if deadline < least:
        yield _short(rule, place(letter, "deadline_days"), deadline, least)
    if gap < least:
        yield _short(rule, place(level, "min_gap_days"), gap, least)


def _short(rule: Rule, where: str, days: int, least: int) -> Finding:
    return Finding(rule, where, (("days", str(days)), ("least", str(least))))


def _amount_named(
    policy: Policy, letter: int, level: int, texts: Mapping[str, str], rule: Rule
) -> Iterator[Finding]:
    """The letter's text states the amount of the fee that would follow."""
    fee = fee_in_euros(policy, level)
    if fee and not _names(texts.get(policy.step(letter).text, ""), fee):
        yield Finding(rule, place(level, "fee"), (("fee", euros(fee)),))


def _names(text: str, minor: int) -> bool:
    whole, cents = divmod(minor, 100)
    decimals = rf"[.,]{cents:02d}" if cents else r"(?:[.,](?:00|-))?"
    return re.search(rf"(?<![0-9.,]){whole}{decimals}(?![0-9])", text) is not None


def _above(rule: Rule, level: int, fee: int, most: int) -> Finding:
    return Finding(rule, place(level, "fee"), (("fee", euros(fee)), ("most", euros(most))))


def _least_sum(policy: Policy, level: int) -> int:
    """The smallest principal in cents that a notice of the level may be about."""
    step = policy.step(level)
    return max(amount_in(step.minimum_item, "EUR"), amount_in(step.minimum_notice, "EUR"))
