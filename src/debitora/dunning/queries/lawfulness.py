"""What the law says against a strategy, with the company's own texts and the rates that are known, and against a notice."""

from __future__ import annotations

from datetime import date

from debitora.dunning.models.notices import LINE_KINDS
from debitora.dunning.queries.contents import Content
from debitora.dunning.queries.letters import Composed, Stock
from debitora.dunning.queries.rates import rate_tables
from debitora.dunning.rules.law.notices import Asked, findings_of_notice
from debitora.dunning.rules.law.policies import findings
from debitora.dunning.rules.law.rules import Finding
from debitora.dunning.rules.policy import Policy
from debitora.messaging.queries import current_text
from debitora.messaging.queries.texts import NoSuchText


def lawfulness(*, policy: Policy, on: date) -> tuple[Finding, ...]:
    """The findings of `rules.law.policies` on the day."""
    return findings(policy, on=on, tables=rate_tables(), texts=_wording(policy))


def forbidden(*, stock: Stock, content: Content, composed: Composed) -> str:
    """The name of the first rule of law that keeps the notice from leaving; empty if none does."""
    facts = content.facts
    policy = stock.policy(facts.strategy_version)
    asked = Asked(
        country=policy.country,
        debtor=policy.debtor,
        level=facts.level,
        currency=facts.currency,
        principal_minor=sum(line.open_minor for line in facts.lines if line.kind == "due"),
        deadline_on=composed.deadline_on,
        levels=_levels(content),
        fee_minor=facts.fee_minor,
        lump_sum_minor=facts.lump_sum_minor,
        interest_minor=facts.interest_minor,
        in_default=_in_default(content),
        lawful_interest_minor=_lawful_interest(content),
        bearing_minor=sum(line.open_minor for line in facts.lines if line.interest_minor),
        holidays=(stock.company.country, stock.company.subdivision),
    )
    of_strategy = lawfulness(policy=policy, on=composed.sent_on) if asked.claims else ()
    against = (one.rule.value for one in findings_of_notice(asked, of_strategy) if one.unlawful)
    return next(against, "")


def _in_default(content: Content) -> bool | None:
    """Whether a due item was in default before the run; None where the notice claims nothing and nobody looked."""
    if not content.claimable:
        return None
    days = (one.from_on for one in content.claimable.values())
    return any(day is not None and day <= content.facts.as_of for day in days)


def _lawful_interest(content: Content) -> int | None:
    if not content.facts.interest_minor:
        return None
    return sum(one.interest_minor for one in content.claimable.values())


def _levels(content: Content) -> tuple[tuple[int, int], ...]:
    """The levels of each due item before and after the notice."""
    notice, due = content.notice, LINE_KINDS.index("due") + 1
    lines = zip(notice.line_kinds, notice.line_levels_from, notice.line_levels_to, strict=True)
    return tuple((before, after) for kind, before, after in lines if kind == due)


def _wording(policy: Policy) -> dict[str, str]:
    """What each step's text says in letter and mail, by its key, in the language of the step or else of the strategy."""
    found = {}
    for key, language in {step.text: step.language or policy.language for step in policy.steps}.items():
        try:
            text = current_text(key=f"{key}.{policy.debtor.value}", language=language)
        except NoSuchText:
            continue
        found[key] = f"{text.opening}\n{text.closing}"
    return found
