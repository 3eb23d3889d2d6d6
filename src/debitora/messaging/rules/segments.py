"""Who of the chosen customers gets a segment message, in which language, and what it says to her."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from debitora.messaging.rules.letter import Contact, Sender
from debitora.messaging.rules.texts import (
    TextFault,
    TextNotRenderable,
    check_subject,
    check_text,
    paragraphs,
    render_subject,
    render_text,
)
from debitora.messaging.rules.variables import VARIABLES, Values, Variable

OUTCOMES: Final = (
    "waiting",
    "queued",
    "no_address",
    "dead_address",
    "opted_out",
    "parked",
    "contacted",
    "no_text",
)
"""What becomes of a segment message for a customer: it waits, is queued, or why she gets none."""
PURPOSES: Final = ("optional", "contract")
"""Whether a message may be declined, or has to be read because of the contract (another address, another bank account)."""
CONSENT_LINK: Final = Variable("consent.link", meaning={}, sample={})
SEGMENT_VARIABLES: Final = (
    *(one for one in VARIABLES if not one.name.startswith("notice.")),
    CONSENT_LINK,
)
"""What such a message may speak of: the company, its contact, the customer, and the link by which she agrees to invoices by e-mail."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A customer as the message needs her."""

    customer: int
    party: int
    number: str
    name: str
    email: str
    language: str
    parked: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and text in one language, as somebody wrote them."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Said:
    """Subject and paragraphs, filled for one customer."""

    subject: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What speaks against writing to a customer now.

    no_address: she has none; dead_address: it does not exist, as a server said; opted_out: it wants no such message, and this one may be
    declined; contacted: within the days in which nobody is to be contacted again.
    """

    no_address: bool
    dead_address: bool
    opted_out: bool
    parked: bool
    contacted: bool


def outcome_of(standing: Standing, *, languages: Collection[str]) -> str:
    """What becomes of the message for a customer, "queued" if nothing speaks against it. The first reason that holds is told."""
    told = (reason for reason in _REASONS if getattr(standing, reason))
    return next(told, "queued" if languages else "no_text")


_REASONS: Final = ("no_address", "dead_address", "opted_out", "parked", "contacted")


def standing_of(
    receiver: Receiver, *, dead: Collection[str], declined: Collection[str], contacted: Collection[int]
) -> Standing:
    """How a customer stands; declined: addresses in lower case that want no such message, empty for one that the contract asks for."""
    return Standing(
        no_address=not receiver.email,
        dead_address=receiver.email in dead,
        opted_out=receiver.email.lower() in declined,
        parked=receiver.parked,
        contacted=receiver.customer in contacted,
    )


def spoken_to(receiver: Receiver, texts: Mapping[str, Wording], *, usual: str) -> str:
    """The language that she is written to in: hers, else the company's, else the first there is. Raises KeyError without texts."""
    wanted = (receiver.language, usual, *sorted(texts))
    return next(language for language in wanted if language in texts)


def filled(
    wording: Wording, receiver: Receiver, *, sender: Sender, contact: Contact, link: str = "…"
) -> Said:
    """The message to one customer; `link` is hers for her consent, dots where it is only tried. Raises TextNotRenderable."""
    values: Values = {
        "company": {"name": sender.name, "phone": sender.phone, "email": sender.email},
        "contact": {"name": contact.name, "phone": contact.phone, "email": contact.email},
        "customer": {"name": receiver.name, "number": receiver.number},
        "consent": {"link": link},
    }
    subject = render_subject(wording.subject, values)
    body = paragraphs(render_text(wording.body, values))
    if not subject or not body:
        raise TextNotRenderable("empty")
    return Said(subject[:200], body)


def wording_faults(wording: Wording) -> Iterator[tuple[str, TextFault]]:
    """What is wrong with it, each with its field: `subject` or `body`."""
    for fault in check_subject(wording.subject, allowed_variables=SEGMENT_VARIABLES):
        yield "subject", fault
    for fault in check_text(wording.body, allowed_variables=SEGMENT_VARIABLES):
        yield "body", fault
