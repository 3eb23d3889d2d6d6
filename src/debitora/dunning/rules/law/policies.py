"""Holding a strategy against the law: its findings, at the place of each. Without a clock: the day is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from debitora.dunning.rules.default import FRIENDLY
from debitora.dunning.rules.law.consumers import belgian, dutch
from debitora.dunning.rules.law.rules import Finding, Rule
from debitora.dunning.rules.law.scales import GERMAN_COST_MINOR, GERMAN_VOID_MINOR
from debitora.dunning.rules.law.steps import costs, euros, fee_in_euros, place
from debitora.dunning.rules.policy import Channel, DebtorKind, Interest, Policy, Step
from debitora.values.rates import BeforeTable, NotYetKnown, RateTable
from debitora.values.statutes import InterestLaw, NoStatutoryRate, interest_law, statutory_periods

KNOWN: Final = ("AT", "BE", "CH", "DE", "FR", "NL")
"""The countries whose law on costs and interest is known here."""
FIRMNESS: Final = (FRIENDLY, "notice1", "notice2", "final")
"""The shipped texts, from friendly to last; other texts are not compared."""
SHORTEST_DAYS: Final = 7
"""A deadline below this is doubted."""
_DEFAULT_DAYS: Final = 34
"""§ 286 III BGB: 30 days after due day and receipt, and up to four more where the thirtieth is no working day."""
_NO_TEXTS: Final[Mapping[str, str]] = MappingProxyType({})


def findings(
    policy: Policy,
    *,
    on: date,
    tables: Mapping[str, RateTable],
    texts: Mapping[str, str] = _NO_TEXTS,
) -> tuple[Finding, ...]:
    """What the law says against the strategy, and what is to be checked, in the order of the strategy's fields.

    on: the day for which interest is asked. texts: the wording of each step's text by its key, in the strategy's language,
    for sentences that the law demands.
    """
    found = [*_of_claims(policy, on, tables), *_of_country(policy), *_of_steps(policy)]
    if policy.debtor is DebtorKind.CONSUMER:
        found.extend(_of_consumers(policy, texts))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.place, not one.unlawful, one.rule)))


def default_exists(policy: Policy, level: int) -> bool:
    """Whether, in Germany, the debtor is surely in default before the notice of the level (§ 286 BGB). A call proves nothing."""
    claims, step = policy.claims, policy.step(level)
    if claims.due_date_agreed:
        return True
    told = policy.debtor is DebtorKind.BUSINESS or claims.invoice_told_default
    if told and step.days_after_due + policy.grace_days > _DEFAULT_DAYS:
        return True
    demands = [
        place
        for place, one in enumerate(policy.steps, start=1)
        if one.text != FRIENDLY and one.channel is not Channel.CALL
    ]
    return level > (demands[0] if demands else len(policy.steps))


# -------------------------------------------------------------------------------------------------- what is claimed


def _of_claims(policy: Policy, on: date, tables: Mapping[str, RateTable]) -> Iterator[Finding]:
    claims = policy.claims
    if claims.lump_sum and policy.debtor is DebtorKind.CONSUMER:
        yield Finding(Rule.LUMP_SUM_CONSUMER, "claims.lump_sum")
    for level, step in enumerate(policy.steps, start=1):
        if step.claim_interest and claims.interest is Interest.NONE:
            yield Finding(Rule.CLAIM_NOT_CHOSEN, place(level, "claim_interest"))
        if step.claim_lump_sum and not claims.lump_sum:
            yield Finding(Rule.CLAIM_NOT_CHOSEN, place(level, "claim_lump_sum"))
        if step.fee and step.claim_lump_sum and claims.lump_sum:
            yield Finding(Rule.FEE_WITH_LUMP_SUM, place(level, "fee"))
    if claims.interest is not Interest.NONE:
        yield from _of_interest(policy, on, tables)


def _of_interest(policy: Policy, on: date, tables: Mapping[str, RateTable]) -> Iterator[Finding]:
    agreed = policy.claims.interest is Interest.AGREED
    try:
        law = interest_law(policy.country, policy.debtor.value, arisen_on=on)
    except NoStatutoryRate:
        rule = Rule.INTEREST_AGREED_CONSUMER if agreed else Rule.INTEREST_UNKNOWN
        if not agreed or policy.debtor is DebtorKind.CONSUMER:
            yield Finding(rule, "claims.interest")
        return
    if agreed:
        yield from _of_agreed(policy, law, on, tables)
        return
    if not law.sure:
        yield Finding(Rule.INTEREST_UNSURE, "claims.interest", (("law", law.law),))
    if _statutory_bp(law, on, tables) is None:
        known_to = tables[law.reference].known_to.isoformat()
        yield Finding(
            Rule.INTEREST_BEYOND_TABLE, "claims.interest", (("known_to", known_to), ("law", law.law))
        )


def _of_agreed(
    policy: Policy, law: InterestLaw, on: date, tables: Mapping[str, RateTable]
) -> Iterator[Finding]:
    if policy.debtor is DebtorKind.BUSINESS:
        if policy.country == "FR":
            yield Finding(Rule.FRENCH_FLOOR, "claims.agreed_bp")
        return
    statutory = _statutory_bp(law, on, tables)
    if statutory is None or (policy.claims.agreed_bp or 0) > statutory:
        yield Finding(Rule.INTEREST_AGREED_CONSUMER, "claims.agreed_bp")


def _statutory_bp(law: InterestLaw, on: date, tables: Mapping[str, RateTable]) -> int | None:
    """Basis points that the law gives on the day; None if its table does not reach so far."""
    following = date.fromordinal(on.toordinal() + 1)
    try:
        periods = statutory_periods(law, tables, start=on, end=following)
    except (BeforeTable, NotYetKnown):
        return None
    return periods[0].bp


# ------------------------------------------------------------------------------------------------------- by country


def _of_country(policy: Policy) -> Iterator[Finding]:
    claims = policy.claims
    claimed = claims.lump_sum or claims.interest is not Interest.NONE
    french = policy.country == "FR" and policy.debtor is DebtorKind.BUSINESS
    if french and claimed and not claims.invoice_names_claims:
        yield Finding(Rule.FRENCH_INVOICE, "claims.invoice_names_claims")
    if policy.country == "CH" and claims.lump_sum and not claims.costs_agreed:
        yield Finding(Rule.SWISS_COST_NOT_AGREED, "claims.lump_sum")
    if policy.country not in KNOWN and (claimed or any(costs(policy, level) for level in _levels(policy))):
        yield Finding(Rule.COUNTRY_UNCHECKED, "country")
    for level in _levels(policy):
        yield from _costs_of(policy, level)


def _costs_of(policy: Policy, level: int) -> Iterator[Finding]:
    """What a country says of the costs of one step, whoever owes."""
    fee, asked = policy.step(level).fee, costs(policy, level)
    if policy.country == "DE" and asked and not default_exists(policy, level):
        yield Finding(Rule.COST_CAUSES_DEFAULT, place(level, asked))
    if policy.country == "CH" and fee and not policy.claims.costs_agreed:
        yield Finding(Rule.SWISS_COST_NOT_AGREED, place(level, "fee"))
    if policy.country == "AT" and fee:
        yield Finding(Rule.AUSTRIAN_FEE, place(level, "fee"))


def _of_consumers(policy: Policy, texts: Mapping[str, str]) -> Iterator[Finding]:
    if policy.country == "DE":
        yield from _german_fees(policy)
    if policy.country == "FR":
        for level in _levels(policy):
            if policy.step(level).fee:
                yield Finding(Rule.FRENCH_CONSUMER, place(level, "fee"))
    if policy.country == "NL":
        yield from dutch(policy, texts)
    if policy.country == "BE":
        yield from belgian(policy, texts)


def _german_fees(policy: Policy) -> Iterator[Finding]:
    for level in _levels(policy):
        fee = fee_in_euros(policy, level)
        said = (("accepted", euros(GERMAN_COST_MINOR)), ("fee", euros(fee)))
        if fee >= GERMAN_VOID_MINOR:
            values = (*said, ("void", euros(GERMAN_VOID_MINOR)))
            yield Finding(Rule.CONSUMER_FEE_VOID, place(level, "fee"), values)
        elif fee > GERMAN_COST_MINOR:
            yield Finding(Rule.CONSUMER_FEE_ABOVE_COST, place(level, "fee"), said)


# ------------------------------------------------------------------------------------------------------- the ladder


def _of_steps(policy: Policy) -> Iterator[Finding]:
    for level, step in enumerate(policy.steps, start=1):
        if step.deadline_days < SHORTEST_DAYS:
            values = (("days", str(step.deadline_days)), ("least", str(SHORTEST_DAYS)))
            yield Finding(Rule.DEADLINE_SHORT, place(level, "deadline_days"), values)
    for level, (step, later) in enumerate(pairwise(policy.steps), start=2):
        if later.min_gap_days <= step.deadline_days:
            least = str(step.deadline_days + 1)
            yield Finding(Rule.DEADLINE_OUTLASTS_GAP, place(level, "min_gap_days"), (("least", least),))
    yield from _of_texts(policy)


def _of_texts(policy: Policy) -> Iterator[Finding]:
    """The shipped texts refer to those before: the first is friendly or a first notice, and none is milder than the last."""
    said = [(FIRMNESS.index(step.text), level) for level, step in _known_texts(policy)]
    if said and said[0][0] > FIRMNESS.index("notice1"):
        yield Finding(Rule.TEXTS_OUT_OF_ORDER, place(said[0][1], "text"))
    for (before, _level), (firmness, level) in pairwise(said):
        if firmness < before:
            yield Finding(Rule.TEXTS_OUT_OF_ORDER, place(level, "text"))


def _known_texts(policy: Policy) -> list[tuple[int, Step]]:
    return [(level, step) for level, step in enumerate(policy.steps, start=1) if step.text in FIRMNESS]


def _levels(policy: Policy) -> range:
    return range(1, len(policy.steps) + 1)
