"""Reports without a part for machines, as Exim, qmail, older Exchange and Gmail write them: read as far as the text is plain.

Nothing is guessed: an address counts where its server puts the address that failed, and a mail's name where the returned mail
begins. What is not found so is left to a person.
"""

from __future__ import annotations

import re
from typing import Final

from debitora.formats.mail.opening import Part, address, kind_of, one_line, own_parts, text_of, value
from debitora.formats.mail.reports import MOST_RECIPIENTS, WORDS, Outcome, Report, ids_in, status_in

MOST_TEXT: Final = 200_000
"""Characters of the text that are looked at."""
_RETURNED: Final = re.compile(
    r"(?im)^(?:-{2,} ?(?:this is a copy of|below this line is a copy of|original message)\b.*|original message headers:.*)$"
)
_MESSAGE_ID: Final = re.compile(r"(?im)^(?:\S{0,40}\.\.)?message-id:[ \t]*(<[^<>\s]{1,250}>)")
_DAEMON: Final = re.compile(r"(?i)\b(?:mailer-daemon|postmaster)\b")
_SAYS_SO: Final = re.compile(
    r"(?i)could not be delivered|couldn't be delivered|delivery to the following recipient|delivery has failed"
    r"|wasn't able to deliver|undeliverable|delivery failed|has been delayed"
)
_DELAYED: Final = re.compile(
    r"(?i)has been delayed|warning message only|will be retried|not yet been delivered"
)
_BEFORE_CODE: Final = re.compile(
    r"(?m)^[ \t]*<?([^\s<>\"]{1,64}@[^\s<>\":]{1,253})>?:?[ \t]*\n"
    r"(?=(?:[^\n]{0,200}\n){0,2}[^\n]{0,200}?\b[45]\d\d[ -])"
)
"""An address alone in its line, and a reply code in one of the next three."""


def is_plain_report(mail: Part) -> bool:
    """Whether a mail server wrote the mail to say that something was not delivered."""
    if value(mail, "X-Failed-Recipients"):
        return True
    return bool(_DAEMON.search(value(mail, "From"))) and bool(_SAYS_SO.search(_text(mail)))


def plain_reports(mail: Part) -> list[Report]:
    """What the text says, for the recipients that it names where its kind of server names them."""
    said, _returned = _halves(_text(mail))
    outcome = Outcome.DELAYED if _DELAYED.search(said) else Outcome.FAILED
    named = [address(one) for one in value(mail, "X-Failed-Recipients").split(",")]
    named = [one for one in named if one] or _BEFORE_CODE.findall(said)
    return [
        Report((one,), outcome, status_in(said), _words_after(said, one))
        for one in dict.fromkeys(named[:MOST_RECIPIENTS])
    ]


def plain_names(mail: Part) -> tuple[str, ...]:
    """The Message-ID of the returned mail, else those that the report answers."""
    _said, returned = _halves(_text(mail))
    found = _MESSAGE_ID.search(returned)
    answered = [name for header in ("In-Reply-To", "References") for name in ids_in(value(mail, header))]
    return (found[1],) if found else tuple(dict.fromkeys(answered))


def _text(mail: Part) -> str:
    """The first plain text of the mail."""
    found = next((part for part in own_parts(mail) if kind_of(part) == "text/plain"), None)
    return text_of(found)[:MOST_TEXT] if found is not None else ""


def _halves(text: str) -> tuple[str, str]:
    """What the server says, and what it returns."""
    mark = _RETURNED.search(text)
    return (text[: mark.start()], text[mark.end() :]) if mark else (text, "")


def _words_after(said: str, recipient: str) -> str:
    """What the server says of a recipient: what stands behind her address, else all."""
    _before, found, after = said.partition(recipient)
    return one_line(after if found and after.strip(" \n:>") else said).strip(" :>")[:WORDS]
