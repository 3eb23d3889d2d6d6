"""A strategy as a page of prose: whom it is for, each step with its deadline and claims, what is claimed by which law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from debitora.dunning.rules.policy import (
    Amounts,
    Channel,
    Claims,
    Copy,
    Counting,
    Interest,
    Policy,
    Silence,
    Step,
    WrittenTo,
)
from debitora.dunning.templatetags.dunning import CHANNELS
from debitora.dunning.templatetags.gathering_words import gathering_sentences
from debitora.dunning.templatetags.strategy_words import (
    DEBTORS,
    LANGUAGES,
    TEXTS,
    WRITTEN_TO,
    amount_words,
    number_words,
    percent_words,
)
from debitora.values.locales import country_name
from debitora.values.statutes import InterestLaw, NoStatutoryRate, interest_law

_LATEST_LAW = date(2026, 1, 1)
"""Claims that arise now: the law for older ones is the engine's matter."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences; `steps` are numbered by their place. `sources` is the law of the interest, empty if none is claimed."""

    head: tuple[str, ...]
    steps: tuple[str, ...]
    tail: tuple[str, ...]
    sources: str


def prose(policy: Policy) -> Prose:
    """The strategy to be read."""
    law = _law(policy)
    return Prose(
        head=(_for_whom(policy),),
        steps=tuple(_step(step, level, policy) for level, step in enumerate(policy.steps, start=1)),
        tail=tuple(
            line
            for line in (
                *gathering_sentences(policy),
                _interest(policy, law),
                _lump_sum(policy.claims),
                _cap(policy),
            )
            if line
        ),
        sources=law.law if law and policy.claims.interest is Interest.STATUTORY else "",
    )


def _for_whom(policy: Policy) -> str:
    facts = {
        "whom": str(DEBTORS[policy.debtor.value]),
        "country": country_name(policy.country, get_language() or "en"),
    }
    if policy.country == "EU":
        return _("%(whom)s in any other country of Europe: check it before use.") % facts
    return _("%(whom)s, by the customs of this country: %(country)s.") % facts


def _step(step: Step, level: int, policy: Policy) -> str:
    said = [
        ngettext(
            "%(text)s, %(days)s day after the due day, by %(channel)s.",
            "%(text)s, %(days)s days after the due day, by %(channel)s.",
            step.days_after_due + policy.grace_days,
        )
        % {
            "text": TEXTS.get(step.text, step.text),
            "days": step.days_after_due + policy.grace_days,
            "channel": CHANNELS[step.channel.value],
        },
        ngettext("It leaves %(days)s day to pay.", "It leaves %(days)s days to pay.", step.deadline_days)
        % {"days": step.deadline_days},
    ]
    if step.month_end:
        said.insert(1, _("It waits for the end of that month."))
    said += _particular(step)
    asked = _asked(step, policy.claims)
    return " ".join(
        [
            *said,
            _("It asks for: %(claims)s.") % {"claims": asked} if asked else _("It asks for the sum alone."),
        ]
    )


def _particular(step: Step) -> list[str]:
    """What a step says of its way beside the channel."""
    said = []
    if step.channel is Channel.BOTH:
        said.append(
            _("The letter counts: its day is the legal one.")
            if step.counts is Counting.LETTER
            else _("The e-mail counts: its day is the legal one.")
        )
    if step.channel is Channel.CALL and step.call_only_reminds:
        said.append(_("Whoever was reached is called again after the gap, without a higher level."))
    said += _sales(step)
    if step.enclose_copies and step.channel is not Channel.CALL:
        said.append(_("Copies of the invoices go with it."))
    if step.to is not WrittenTo.CUSTOMER:
        said.append(_("It is written to: %(role)s.") % {"role": WRITTEN_TO[step.to.value]})
    if step.language:
        said.append(
            _("It is always written in: %(language)s.")
            % {"language": LANGUAGES.get(step.language, step.language)}
        )
    if step.signed_by:
        said.append(_("It names as the person to ask: %(name)s.") % {"name": step.signed_by})
    return said


def _sales(step: Step) -> list[str]:
    """What sales has to do with the step: whether it is asked first, and whether it is told afterwards."""
    asked = [_asking(step)] if step.asks_sales else []
    told = (
        [_("The customer's salesperson is told when it has left.")]
        if step.copy_to is Copy.SALESPERSON
        else []
    )
    return [*asked, *told]


def _asking(step: Step) -> str:
    """Whom the step asks first, how long, and what silence means."""
    asked = ngettext(
        "The customer's salesperson is asked first and has %(days)s working day to release or stop it.",
        "The customer's salesperson is asked first and has %(days)s working days to release or stop it.",
        step.ask_sales_days,
    ) % {"days": step.ask_sales_days}
    if step.sales_silence is Silence.STOP:
        return f"{asked} {_('If she says nothing, nothing goes until somebody releases it.')}"
    return f"{asked} {_('If she says nothing, it goes.')}"


def _asked(step: Step, claims: Claims) -> str:
    found = []
    if step.fee:
        found.append(_("a fee of %(fee)s") % {"fee": _amounts(step.fee)})
    if step.claim_interest and claims.interest is not Interest.NONE:
        found.append(_("interest"))
    if step.claim_lump_sum and claims.lump_sum:
        found.append(_("the lump sum"))
    return ", ".join(found)


def _amounts(amounts: Amounts) -> str:
    return "; ".join(map(amount_words, amounts))


def _interest(policy: Policy, law: InterestLaw | None) -> str:
    claims = policy.claims
    if claims.interest is Interest.AGREED:
        return _("Interest: %(rate)s per year, as agreed.") % {"rate": percent_words(claims.agreed_bp or 0)}
    if claims.interest is Interest.STATUTORY:
        return _("Interest: as the law gives it, %(how)s.") % {"how": _how(law)}
    if law is None:
        return _("No interest is claimed.")
    return _("No interest is claimed. The law would give %(how)s (%(law)s).") % {
        "how": _how(law),
        "law": law.law.replace("§ ", "§\u00a0"),
    }


def _how(law: InterestLaw | None) -> str:
    if law is None:
        return _("at a rate that is not known here")
    if not law.reference:
        return _("at %(rate)s per year") % {"rate": percent_words(law.margin_bp)}
    if not law.margin_bp:
        return _("at the published rate")
    return _("at %(points)s percentage points above the reference rate") % {
        "points": number_words(law.margin_bp)
    }


def _law(policy: Policy) -> InterestLaw | None:
    try:
        return interest_law(policy.country, policy.debtor.value, arisen_on=_LATEST_LAW)
    except NoStatutoryRate:
        return None


def _lump_sum(claims: Claims) -> str:
    return _("The lump sum of EUR 40 is claimed once for each item.") if claims.lump_sum else ""


def _cap(policy: Policy) -> str:
    cap = policy.contact_cap
    if cap is None:
        return ""
    return _("A customer is contacted at most %(touches)s times within %(days)s days.") % {
        "touches": cap.touches,
        "days": cap.days,
    }
