"""What becomes of a mail that a person wrote to us: a comment on a case, a place beside it, or a wait for somebody's eyes.

Only what answers a mail of ours by its signed name, from the very address that it was sent to, changes anything; and what that
changes is a comment. All else can be written by anybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from debitora.disputes.rules.telling import LinkEnd
from debitora.values.numbers import number_key

PLACINGS: Final = ("waits", "case", "customer", "discarded", "undone")
"""What may be done with a mail that came in."""
MOST_A_DAY: Final = 20
"""So many comments become of one person's mails about one case on a day: a machine that answers itself ends in the inbox."""
LONGEST: Final = 4_000
"""Characters of a comment; the mail itself is kept whole."""
MOST_NUMBERS: Final = 50
MOST_READ: Final = 20_000
"""Characters of a mail in which numbers are looked for."""
FEWEST_SIGNS: Final = 3
"""Of a word that may be the number of an item or a customer."""
_AROUND: Final = ".,;:!?()[]<>{}\"'„“”«»#*"
_NAMED: Final = re.compile(r"\[[^\]\[]{1,20}? (\d{1,18})\]")


class Why(StrEnum):
    """Why a mail waits, or by what it found its case."""

    PROVEN = "proven"
    """By the signed name of our mail, from the address that it went to."""
    NUMBER = "number"
    """By its sender's address and a number in its subject: nothing says that it is not forged."""
    HAND = "hand"
    FOREIGN = "foreign"
    """It answers our mail, but from another address."""
    ENDED = "ended"
    """Whoever writes can no longer answer that case, or it is clarified."""
    MANY = "many"
    EMPTY = "empty"
    ANSWER = "answer"
    """A customer answers a notice."""
    KNOWN = "known"
    """The sender is a customer."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail that names a mail of ours about a case: from whom, whether it may still answer, what it says."""

    own_address: bool
    end: LinkEnd | None
    has_text: bool
    comments_today: int


def judged(reply: Reply) -> Why:
    """PROVEN: it becomes a comment; else why it waits."""
    if not reply.own_address:
        return Why.FOREIGN
    if reply.end is not None:
        return Why.ENDED
    if not reply.has_text:
        return Why.EMPTY
    return Why.MANY if reply.comments_today >= MOST_A_DAY else Why.PROVEN


def case_named(subject: str) -> int | None:
    """The case that a subject names as our mails do, "[Case 17] ..."."""
    found = _NAMED.search(subject)
    return int(found[1]) if found else None


def names_number(subject: str, number: str) -> bool:
    """Whether a subject names an item's number, apart from other letters and digits."""
    at = subject.casefold().find(number.casefold()) if number else -1
    if at < 0:
        return False
    around = subject[at - 1 : at] + subject[at + len(number) : at + len(number) + 1]
    return not any(sign.isalnum() for sign in around)


def numbers_in(text: str) -> list[str]:
    """What may be numbers of items or customers in a text, as keys to compare by, each once, the first MOST_NUMBERS.

    A number here is a word of three signs or more with a digit in it; whether it is one, only the ledger knows.
    """
    words = (word.strip(_AROUND) for word in text[:MOST_READ].split())
    keys = (number_key(word) for word in words if len(word) >= FEWEST_SIGNS and any(map(str.isdigit, word)))
    return list(dict.fromkeys(keys))[:MOST_NUMBERS]
