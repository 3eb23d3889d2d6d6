"""What a reply of an SMTP server, or its silence, means for the intent (RFC 5321, RFC 3463)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from debitora.messaging.rules.states import Event


class Phase(StrEnum):
    """How far the conversation had come when the outcome arrived."""

    CONNECT = "connect"
    """Connection and greeting."""
    HELLO = "hello"
    """EHLO, STARTTLS and AUTH."""
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    """The DATA command, until its 354."""
    DOT = "dot"
    """From the first byte of the message until the reply to the dot that ends it."""


class Silence(StrEnum):
    """An outcome without a reply."""

    TIMEOUT = "timeout"
    CUT = "cut"
    UNREACHABLE = "unreachable"
    """Connection refused, unknown host, no route."""
    INSECURE = "insecure"
    """TLS was demanded and not to be had, or the certificate did not fit."""
    NO_LOGIN = "no_login"
    """A user name is set, and the server does not know signing in (or only after TLS)."""


class Blame(StrEnum):
    """Whose matter a refusal is: it decides who is told, and whether the next mail would fail as well."""

    NOBODY = "nobody"
    SERVER = "server"
    SENDER = "sender"
    RECIPIENT = "recipient"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply line: three digits and the text behind them."""

    code: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to the intent: `event` None means that the conversation goes on."""

    event: Event | None
    blame: Blame = Blame.NOBODY
    address_is_dead: bool = False
    """The server says that this mailbox does not exist: flag the address, a person looks for another one."""


_GO_ON = Verdict(None)
_ENHANCED = re.compile(r"^([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
_BLAME = {
    Phase.CONNECT: Blame.SERVER,
    Phase.HELLO: Blame.SERVER,
    Phase.MAIL: Blame.SENDER,
    Phase.RCPT: Blame.RECIPIENT,
    Phase.DATA: Blame.MESSAGE,
    Phase.DOT: Blame.MESSAGE,
}


def classify(phase: Phase, outcome: Reply | Silence) -> Verdict:
    """Judge one outcome.

    Before the dot nothing can have been taken, so silence is a temporary refusal; after it nobody knows. A 5xx to the
    greeting, EHLO or AUTH is about our access to the server, not about this mail, and is tried again.
    """
    if isinstance(outcome, Silence):
        return _of_silence(phase)
    if _is_yes(phase, outcome.code):
        return Verdict(Event.ACCEPT) if phase is Phase.DOT else _GO_ON
    if 500 <= outcome.code <= 599:
        return _of_refusal(phase, outcome)
    if 400 <= outcome.code <= 499:
        return Verdict(Event.REFUSE_TEMP, _BLAME[phase])
    return _of_silence(phase)


def _of_silence(phase: Phase) -> Verdict:
    """Also for a reply that answers nothing, such as 250 to DATA or 354 to the dot."""
    return Verdict(Event.LOSE if phase is Phase.DOT else Event.REFUSE_TEMP, Blame.SERVER)


def _is_yes(phase: Phase, code: int) -> bool:
    return code == 354 if phase is Phase.DATA else 200 <= code <= 299


def _of_refusal(phase: Phase, reply: Reply) -> Verdict:
    if phase in (Phase.CONNECT, Phase.HELLO):
        return Verdict(Event.REFUSE_TEMP, Blame.SERVER)
    return Verdict(Event.REFUSE_PERM, _BLAME[phase], phase is Phase.RCPT and _names_a_dead_mailbox(reply))


def _names_a_dead_mailbox(reply: Reply) -> bool:
    """By the enhanced code where there is one (X.1.1 to X.1.10: addressing), else by the basic code."""
    enhanced = _ENHANCED.match(reply.text.strip())
    if enhanced:
        return enhanced[2] == "1"
    return reply.code in _NO_SUCH_MAILBOX
