"""What the law says against a strategy or a notice, in words: the place, the rule, its law, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.dunning.rules.law.rules import Certainty, Finding
from debitora.dunning.templatetags.strategy_words import amounts_said, place_words
from debitora.values.locales import format_date

CERTAINTIES: Final[dict[Certainty, str | Promise]] = {
    Certainty.READ: gettext_lazy("read in a source"),
    Certainty.DERIVED: gettext_lazy("derived from a rule"),
    Certainty.UNCHECKED: gettext_lazy("unverified, check before use"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as a page shows it. `rule` is its name in files and answers; `law` is empty where no law speaks of it."""

    rule: str
    place: str
    says: str
    remedy: str
    law: str
    certainty: str
    unlawful: bool


def findings_said(findings: Iterable[Finding]) -> list[Said]:
    """What is unlawful first, then what is to be checked, each in the order of the strategy."""
    return sorted((_said(one) for one in findings), key=lambda said: not said.unlawful)


def finding_line(finding: Finding) -> str:
    """A finding in one line with rule and law, for the field it belongs to."""
    said = _said(finding)
    named = " · ".join(filter(None, (said.rule, said.law)))
    return f"{said.says} {said.remedy} ({named})"


def _said(finding: Finding) -> Said:
    text = finding.rule.text
    values = {name: _value(name, value) for name, value in finding.values}
    law = (text.law % values if "%(" in text.law else text.law).replace("§ ", "§\u00a0")
    return Said(
        rule=finding.rule.value,
        place=place_words(finding.place) if finding.place else "",
        says=_(text.says) % values,
        remedy=_(text.remedy) % values,
        law="" if law == "–" else law,
        certainty=str(CERTAINTIES[text.certainty]) if law != "–" else "",
        unlawful=finding.unlawful,
    )


def _value(name: str, value: str) -> str:
    if name == "known_to":
        return format_date(date.fromisoformat(value), get_language() or "en")
    return amounts_said(value)
