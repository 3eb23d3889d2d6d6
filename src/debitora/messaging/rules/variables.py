"""What a text may speak of: the catalogue (presets/variables.yaml), its samples, and its values from a letter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from debitora.messaging.rules.letter import Letter, LetterLine, LineKind
from debitora.messaging.rules.words import written_language
from debitora.values.locales import format_date, format_long_date, format_money

PRESETS_FOLDER: Final = Path(__file__).parent.parent / "presets"

Values = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Variable:
    """One entry of the catalogue; a list of lines has `fields`. Meaning and sample by language."""

    name: str
    meaning: dict[str, str]
    sample: dict[str, Any]
    fields: tuple[str, ...] = ()


def variables_of(letter: Letter) -> Values:
    """The values of all variables for one letter, written out in its language."""
    language = written_language(letter.language)
    due = letter.of_kind(LineKind.DUE)
    return {
        "company": {"name": letter.sender.name, "phone": letter.sender.phone, "email": letter.sender.email},
        "contact": {
            "name": letter.contact.name,
            "phone": letter.contact.phone or letter.sender.phone,
            "email": letter.contact.email or letter.sender.email,
        },
        "customer": {"name": letter.customer_name or letter.recipient[0], "number": letter.customer_number},
        "notice": {
            "number": letter.notice_number,
            "level": letter.level,
            "date": format_long_date(letter.issued_on, language),
            "as_of": format_date(letter.identity.as_of, language),
            "count": len(due),
            "total": format_money(letter.demanded, language),
            "fee": format_money(letter.fee, language) if letter.fee else "",
            "interest": format_money(letter.interest, language) if letter.interest else "",
            "lump_sum": format_money(letter.lump_sum, language) if letter.lump_sum else "",
            "deadline": format_long_date(letter.deadline_on, language) if letter.deadline_on else "",
            "lines": [_line_values(line, language) for line in due],
        },
    }


def sample_values(language: str) -> Values:
    """Believable values for the live preview of a text."""
    values: Values = {}
    for variable in VARIABLES:
        group, name = variable.name.split(".")
        values.setdefault(group, {})[name] = variable.sample[written_language(language)]
    return values


def _line_values(line: LetterLine, language: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "issued_on": format_date(line.issued_on, language) if line.issued_on else "",
        "due_on": format_date(line.due_on, language) if line.due_on else "",
        "amount": format_money(line.amount, language),
        "paid": format_money(line.paid, language),
        "open": format_money(line.open, language),
        "days_overdue": line.days_overdue,
    }


def _catalogue() -> tuple[Variable, ...]:
    entries = yaml.safe_load((PRESETS_FOLDER / "variables.yaml").read_text(encoding="utf-8"))
    return tuple(Variable(**{**entry, "fields": tuple(entry.get("fields", ()))}) for entry in entries)


VARIABLES: Final = _catalogue()
"""Every variable that a text may use, in the order in which they are offered."""
