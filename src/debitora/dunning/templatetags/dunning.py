"""The codes of dunning in words: states of runs and notices, reasons, channels, what happened to a notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from debitora.dunning.rules.law.rules import Rule
from debitora.dunning.rules.reasons import Reason

register = template.Library()
Words = Mapping[str, str | Promise]

RUN_STATES: Final[Words] = {
    "proposed": _("waits for approval"),
    "approved": _("letters being made"),
    "released": _("released"),
    "discarded": _("discarded"),
}
RUN_MARKS: Final = {"proposed": "open", "approved": "busy", "released": "good", "discarded": "neutral"}

NOTICE_STATES: Final[Words] = {
    "proposed": _("proposed"),
    "withheld": _("withheld"),
    "no_recipient": _("no recipient"),
    "waiting": _("to be made"),
    "render_failed": _("could not be made"),
    "call_due": _("call is due"),
    "called": _("called"),
    "call_undone": _("call taken back"),
    "queued": _("waits for dispatch"),
    "sending": _("being sent"),
    "refused_temp": _("not taken for now"),
    "uncertain": _("uncertain"),
    "accepted": _("sent"),
    "printed": _("printed"),
    "refused": _("refused"),
    "returned": _("came back"),
    "stopped": _("stopped"),
    "cancelled": _("cancelled"),
    "ground_withdrawn": _("ground withdrawn"),
    "discarded": _("discarded"),
}
NOTICE_MARKS: Final = {
    "proposed": "open",
    "withheld": "hold",
    "no_recipient": "warn",
    "waiting": "draft",
    "render_failed": "bad",
    "call_due": "open",
    "called": "good",
    "call_undone": "neutral",
    "queued": "open",
    "sending": "busy",
    "refused_temp": "warn",
    "uncertain": "warn",
    "accepted": "good",
    "printed": "good",
    "refused": "bad",
    "returned": "bad",
    "stopped": "warn",
    "cancelled": "neutral",
    "ground_withdrawn": "warn",
    "discarded": "neutral",
}

REASONS: Final[Words] = {
    "notice": _("on a notice"),
    "upcoming": _("reminded beforehand"),
    "list_behind": _("list and ledger disagree"),
    "parked": _("customer parked"),
    "held_customer": _("customer on hold"),
    "held_item": _("item on hold"),
    "no_strategy": _("no strategy"),
    "pending_notice": _("notice on its way"),
    "last_step_done": _("all steps taken"),
    "paused": _("paused for the customer's group"),
    "grace": _("next step not reached"),
    "gap": _("reminded recently"),
    "held_amount": _("rest too small beside the hold"),
    "below_minimum": _("item too small"),
    "below_notice_minimum": _("sum too small"),
    "credit_covers": _("covered by credits"),
    "contact_cap": _("contacted often enough"),
    "sales_asked": _("sales is asked first"),
}

STOPS: Final[Words] = {
    "paid": _("An item was paid meanwhile."),
    "changed": _("An open sum has changed meanwhile."),
    "held": _("An item or the customer was put on hold meanwhile."),
    "recipient_changed": _("The customer has another address now."),
    "suppressed": _("The address takes no mail."),
    "customer_parked": _("The customer is parked."),
    "paused": _("Dunning was paused for the customer's group meanwhile."),
    "not_allowlisted": _("This test system may not write to that address."),
    "claims_changed": _(
        "Interest or a lump sum became another meanwhile: by a payment, or because it was waived."
    ),
    "reminded_meanwhile": _("An item was reminded of meanwhile."),
    "import_undone": _("The list that opened an item was taken back."),
    "by_hand": _("Cancelled by a person."),
    "settled_by_person": _("A person found that it did not arrive."),
    "attempts_used_up": _("The server did not take it in any attempt."),
    "address_is_dead": _("The mailbox does not exist."),
    "reached": _("Reached."),
    "promised": _("Reached, and promised to pay."),
    "not_reached": _("Not reached."),
    "wrong_number": _("Wrong number."),
    "in_vain": _("Other servers tried for a long time to deliver it, in vain."),
    "not_accepted": _("The recipient's server does not accept it."),
    "LetterDoesNotAddUp": _("The sums of the letter do not add up."),
    "LetterNotPrintable": _("The letter holds a character that our font does not have."),
    "TextNotRenderable": _("The text of this step cannot be filled with the values of this notice."),
    "NoSuchText": _("There is no text for this step."),
    "AddressRefused": _("The sender's mail address cannot be used."),
    "HeaderRefused": _("The subject or a name cannot stand in the head of a mail."),
    "WrongAttachment": _("The attachment is not the letter of this notice."),
    "LetterUnreadable": _("A copy of an invoice cannot be read. Replace it on its item's page."),
    "BytesMissing": _("A copy of an invoice is missing in the store. Replace it on its item's page."),
    "BytesDiffer": _("A copy of an invoice is damaged in the store. Replace it on its item's page."),
}

LAWFUL: Final = _(
    "The law keeps this notice back: rule %(rule)s (%(law)s). The page of its strategy says more."
)

EVENTS: Final[Words] = {
    "withheld": _("Withheld"),
    "reinstated": _("Goes with its run again"),
    "no_recipient": _("No recipient known"),
    "rendered": _("Letter made"),
    "call_due": _("Somebody has to call"),
    "call_missed": _("Called in vain"),
    "called": _("Called and reached"),
    "call_undone": _("The word about the call was taken back: its items count as not reminded"),
    "render_failed": _("The letter could not be made"),
    "accepted": _("Sent: the mail server has taken it"),
    "printed": _("Printed and handed out for posting"),
    "stopped": _("Stopped"),
    "refused": _("Refused by the mail server"),
    "returned": _("Came back: its items count as not reminded"),
    "cancelled": _("Cancelled"),
    "ground_withdrawn": _("Ground withdrawn after it had left"),
}
EVENT_ICONS: Final = {
    "withheld": "hand-stop",
    "reinstated": "player-play",
    "no_recipient": "user-off",
    "rendered": "file-text",
    "call_due": "phone",
    "call_missed": "phone",
    "called": "phone",
    "call_undone": "arrow-back-up",
    "render_failed": "file-x",
    "accepted": "mail-check",
    "printed": "printer",
    "stopped": "player-stop",
    "refused": "mail-off",
    "returned": "mail-off",
    "cancelled": "ban",
    "ground_withdrawn": "arrow-back-up",
}

CHANNELS: Final[Words] = {
    "mail": _("e-mail"),
    "letter": _("letter"),
    "mail_else_letter": _("e-mail, else letter"),
    "both": _("e-mail and letter"),
    "call": _("telephone"),
    "": _("nobody to write to"),
}
LINE_KINDS: Final[Words] = {
    "due": pgettext_lazy("line of a notice", "due"),
    "also_open": _("also open"),
    "credit": _("credit"),
    "upcoming": _("due soon"),
}


@register.filter
def who_word(label: str) -> str:
    """Who did it: a person's login, or Debitora where a job of ours did."""
    return "Debitora" if label.startswith(("dunning.", "messaging.", "demo")) else label


@register.filter
def run_state(code: str) -> str:
    """Where a run stands."""
    return str(RUN_STATES.get(code, code))


@register.filter
def run_mark(code: str) -> str:
    """The shape of a run's state."""
    return RUN_MARKS.get(code, "neutral")


@register.filter
def notice_state(code: str) -> str:
    """Where a notice stands."""
    return str(NOTICE_STATES.get(code, code))


@register.filter
def notice_mark(code: str) -> str:
    """The shape of a notice's state."""
    return NOTICE_MARKS.get(code, "neutral")


@register.filter
def message_state(code: str) -> str:
    """Where a message stands: as a notice does, and what a worker does with it in between."""
    between = {"claimed": _("taken up"), "data_started": _("being handed over")}
    return str(between.get(code, notice_state("refused" if code == "refused_perm" else code)))


@register.filter
def reason_word(reason: int | str) -> str:
    """A reason in a few words, by its number or code."""
    code = Reason(reason).code if isinstance(reason, int) else reason
    return str(REASONS.get(code, code))


@register.filter
def stop_word(code: str) -> str:
    """Why a notice stopped or failed, in a sentence; what has no words of ours is shown as it is."""
    if code in {rule.value for rule in Rule}:
        return str(LAWFUL) % {"rule": code, "law": Rule(code).text.law}
    return str(STOPS.get(code, code))


@register.filter
def event_word(code: str) -> str:
    """What happened to a notice."""
    return str(EVENTS.get(code, code))


@register.filter
def event_icon(code: str) -> str:
    """The icon of what happened to a notice."""
    return EVENT_ICONS.get(code, "point")


@register.filter
def channel_word(code: str) -> str:
    """A channel, or that there is none."""
    return str(CHANNELS.get(code, code))


@register.filter
def line_kind(code: str) -> str:
    """Why an item stands on a notice."""
    return str(LINE_KINDS.get(code, code))


@register.filter
def schedule_word(schedule: str) -> str:
    """Who asked for a run: the clock, a change, or a person."""
    if schedule.startswith("follow-"):
        return str(_("follow-up"))
    return str(_("daily")) if schedule == "daily" else str(_("by hand"))
