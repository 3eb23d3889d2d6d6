"""The letter of a notice: as it would read if it went out now. Rendering it for good is `actions.release`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from debitora.dunning.models import RunApproval
from debitora.dunning.queries.contents import Content
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.composition import NoticeFacts, Recipient, letter_of
from debitora.dunning.rules.enclosing import numbers
from debitora.dunning.rules.policy import Policy, Step, debtor_kind
from debitora.dunning.rules.steps import deadline, sending_day
from debitora.messaging.models import Sender
from debitora.messaging.queries import current_text, sender_of
from debitora.messaging.queries.letterhead import letter_sender
from debitora.messaging.rules.letter import Contact, Letter
from debitora.messaging.rules.letter import Sender as LetterSender
from debitora.messaging.rules.mail import AddressRefused, deliverable_address
from debitora.messaging.rules.notice_texts import FilledText, NoticeText, fill, with_text
from debitora.messaging.rules.words import written_language
from debitora.people.models import Company
from debitora.values.days import next_working_day

_WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "mail": ("mail",),
    "letter": ("letter",),
    "mail_else_letter": ("mail", "letter"),
    "both": ("mail", "letter"),
    "call": (),
}
_DEADLINE_DAYS = 10
"""For a reminder before the due day, whose step says nothing about a deadline."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice in words: its letter, the filled texts, the day it leaves, and through which channels (none: no way)."""

    letter: Letter
    texts: FilledText
    facts: NoticeFacts
    recipient: Recipient
    channels: tuple[str, ...]
    language: str
    sent_on: date
    deadline_on: date


@dataclass
class Stock:
    """What the letters of one batch share, read when a letter first asks for it. For a batch of seconds, never longer."""

    company: Company
    _approvers: dict[int, str] = field(default_factory=dict)
    _policies: dict[int, Policy] = field(default_factory=dict)
    _texts: dict[tuple[str, str], NoticeText] = field(default_factory=dict)

    @cached_property
    def sender(self) -> Sender:
        """Who the company writes as."""
        return sender_of(company=self.company.id)

    @cached_property
    def letterhead(self) -> LetterSender:
        """How the company stands on its letters."""
        return letter_sender(self.company, self.sender)

    def approver(self, run: int) -> str:
        """Who approved the run."""
        if run not in self._approvers:
            approval = RunApproval.objects.get(company_id=self.company.id, run_id=run)
            self._approvers[run] = approval.approved_by_label
        return self._approvers[run]

    def policy(self, version: int) -> Policy:
        """A version of a strategy, as it was."""
        if version not in self._policies:
            self._policies |= policies([version])
        return self._policies[version]

    def text(self, key: str, language: str) -> NoticeText:
        """The newest wording. Raises NoSuchText."""
        if (key, language) not in self._texts:
            self._texts[key, language] = current_text(key=key, language=language).sources
        return self._texts[key, language]


def channels_for(wanted: str, recipient: Recipient, *, suppressed: bool = False) -> tuple[str, ...]:
    """Mail, letter or both, as the step wants it and the customer can get it; none: a person has to complete the recipient."""
    open_ways = {
        "mail": not suppressed and _is_deliverable(recipient.email),
        "letter": recipient.has_address,
    }
    found = tuple(way for way in _WAYS[wanted] if open_ways[way])
    return found if wanted == "both" else found[:1]


def _is_deliverable(address: str) -> bool:
    try:
        deliverable_address(address)
    except AddressRefused:
        return False
    return True


def compose(*, stock: Stock, content: Content, at: datetime) -> Composed:
    """The notice in words, on the moment `at`. Raises NoSuchText, TextNotRenderable and LetterDoesNotAddUp."""
    facts, recipient = content.facts, content.recipient
    company, sender, policy = stock.company, stock.sender, stock.policy(facts.strategy_version)
    spoken = str(facts.step.get("language", "")) or recipient.language
    language = written_language(spoken or policy.language or company.language)
    day = company.day_at(at)
    sent_on = sending_day(day, policy, company.country, company.subdivision)
    pay_until = _pay_until(facts, sent_on, company)
    bare = letter_of(
        facts,
        company_code=company.code,
        home=company.country,
        sender=stock.letterhead,
        contact=_signed(facts, sender),
        recipient=recipient,
        language=language,
        issued_on=sent_on,
        deadline_on=pay_until,
    )
    bare = replace(
        bare,
        enclosed=numbers(content.enclosures, sent=True),
        not_enclosed=numbers(content.enclosures, sent=False),
    )
    texts = fill(stock.text(_text_key(facts, policy), language), bare)
    return Composed(
        letter=with_text(bare, texts),
        texts=texts,
        facts=facts,
        recipient=recipient,
        channels=channels_for(
            str(facts.step.get("channel", "mail")), recipient, suppressed=content.suppressed
        ),
        language=language,
        sent_on=sent_on,
        deadline_on=pay_until,
    )


def _pay_until(facts: NoticeFacts, sent_on: date, company: Company) -> date:
    """The new deadline; before the due day there is none, and the last due day stands."""
    early = [line.due_on for line in facts.lines if line.kind == "upcoming"]
    if early:
        return next_working_day(max(early), company.country, company.subdivision)
    return deadline(sent_on, _step(facts), company.country, company.subdivision)


def _step(facts: NoticeFacts) -> Step:
    """The notice's own copy of its step, as far as dates need it."""
    days = facts.step.get("deadline_days", _DEADLINE_DAYS)
    return Step(text="", days_after_due=0, deadline_days=int(str(days)))


def _signed(facts: NoticeFacts, sender: Sender) -> Contact:
    """Whom the notice names for questions: the step's own person, else the company's."""
    return Contact(
        name=str(facts.step.get("signed_by", "")) or sender.contact_name,
        phone=str(facts.step.get("signed_phone", "")) or sender.phone,
        email=sender.reply_to or sender.email,
    )


def _text_key(facts: NoticeFacts, policy: Policy) -> str:
    return f"{facts.step.get('text', 'reminder')}.{debtor_kind(policy.debtor)}"
