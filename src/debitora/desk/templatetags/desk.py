"""The verbs of the trail in words, gathered by what they are about; and the line of facts beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from debitora.desk.templatetags.fact_words import Words, line_of

register = template.Library()

GROUPS: Final[Words] = {
    "lists": _("Lists"),
    "bank": _("Bank"),
    "customers": _("Customers"),
    "items": _("Open items"),
    "holds": _("Holds"),
    "cases": _("Clarification"),
    "runs": _("Dunning runs"),
    "notices": _("Notices"),
    "deliveries": _("Deliveries"),
    "settings": _("Settings"),
    "people": _("People"),
}
VERBS: Final[Mapping[str, tuple[str, str | Promise]]] = {
    "file.uploaded": ("lists", _("File uploaded")),
    "import.read": ("lists", _("Columns of a list corrected")),
    "import.resumed": ("lists", _("Discarded list taken up again")),
    "import.discarded": ("lists", _("List discarded")),
    "import.confirmed": ("lists", _("List given free")),
    "import.applied": ("lists", _("List applied")),
    "import.undone": ("lists", _("Import undone")),
    "list.applied": ("lists", _("Items opened, changed and settled per list")),
    "list.undone": ("lists", _("Changes of a list taken back")),
    "bank_file.taken": ("bank", _("Bank file taken")),
    "bank_file.refused": ("bank", _("Bank file refused")),
    "bank_account.confirmed": ("bank", _("Bank account confirmed")),
    "bank_account.renamed": ("bank", _("Bank account given another name")),
    "statement.doubt_answered": ("bank", _("Line of a bank statement compared")),
    "statement.other_days": ("bank", _("Lines of a bank statement known under other days")),
    "statement.gap_accepted": ("bank", _("Gap in bank statements accepted")),
    "bank_entries.booked": ("bank", _("Bank lines booked")),
    "bank_entry.ignored": ("bank", _("Bank line ignored")),
    "bank_entry.returned": ("bank", _("Bank line booked as a payment returned")),
    "bank_entry.refunded": ("bank", _("Bank line booked as a credit paid back")),
    "booking.taken_back": ("bank", _("Booking of a bank line taken back")),
    "match_policy.decided": ("bank", _("Policy of matching decided")),
    "payer.forgotten": ("bank", _("Account of a payer forgotten")),
    "habits.forgotten": ("bank", _("Habits of a payer forgotten")),
    "aside.forgotten": ("bank", _("Reason for setting lines aside forgotten")),
    "tallies.forgotten": ("bank", _("Counts of proposals forgotten")),
    "customers.saved": ("customers", _("Customers saved")),
    "customer.edited": ("customers", _("Customer changed")),
    "customer.parked": ("customers", _("Customer parked: nothing is sent")),
    "customer.unparked": ("customers", _("Customer no longer parked")),
    "recipients.completed": ("customers", _("Recipients completed")),
    "consent.given": ("customers", _("Agreed to invoices by e-mail")),
    "consent.withdrawn": ("customers", _("Consent to invoices by e-mail taken back")),
    "note.written": ("customers", _("Note written")),
    "note.withdrawn": ("customers", _("Note taken back")),
    "note.restored": ("customers", _("Note put back")),
    "payments.settled": ("items", _("Payments entered")),
    "payment.returned": ("items", _("Payment returned by the bank")),
    "payment.taken_back": ("items", _("Payment taken out again")),
    "credit.refunded": ("items", _("Credit paid back")),
    "outflow.taken_back": ("items", _("Outgoing money taken back")),
    "item.opened": ("items", _("Item opened")),
    "items.allocated": ("items", _("Credit allocated")),
    "allocation.released": ("items", _("Allocation released")),
    "charges.cancelled": ("items", _("Fee of a notice taken back")),
    "claims.accrued": ("items", _("Claims of notices accrued")),
    "claims.booked": ("items", _("Claims of a notice booked on the account")),
    "claims.unbooked": ("items", _("Claim taken off the account")),
    "claims.returned": ("items", _("Claims of a notice taken back")),
    "claim.waived": ("items", _("Claim waived")),
    "claim.restored": ("items", _("Waiver of a claim taken back")),
    "levels.raised": ("items", _("Dunning levels raised")),
    "levels.withdrawn": ("items", _("Dunning levels taken back")),
    "hold.placed": ("holds", _("Hold placed")),
    "hold.released": ("holds", _("Hold released")),
    "hold.extended": ("holds", _("Hold given another end")),
    "case.opened": ("cases", _("Case opened")),
    "case.assigned": ("cases", _("Case handed on")),
    "case.answered": ("cases", _("Case answered")),
    "mailbox.saved": ("settings", _("Mailbox changed")),
    "case.withdrawn": ("cases", _("Answer to a case taken back")),
    "case.commented": ("cases", _("Case commented on")),
    "mail.placed": ("cases", _("Incoming mail placed")),
    "mail.discarded": ("cases", _("Incoming mail discarded")),
    "mail.returned": ("cases", _("Incoming mail put back into the inbox")),
    "case.moved": ("cases", _("Case given another last day")),
    "case.closed": ("cases", _("Case closed")),
    "case.reopened": ("cases", _("Case opened again")),
    "case.reminded": ("cases", _("Reminded of the answer to a case")),
    "case.escalated": ("cases", _("Case passed on for want of an answer")),
    "run.proposed": ("runs", _("Run proposed")),
    "run.approved": ("runs", _("Run approved")),
    "run.discarded": ("runs", _("Run discarded")),
    "decisions.dropped": ("runs", _("Decisions of a month dropped after the time they are kept")),
    "notice.rendered": ("notices", _("Notice written")),
    "notice.no_recipient": ("notices", _("Notice without a recipient")),
    "notice.render_failed": ("notices", _("Notice could not be written")),
    "notice.stopped": ("notices", _("Notice stopped before it left")),
    "notice.returned": ("notices", _("Notice came back")),
    "notice.withheld": ("notices", _("Notice taken out of the run")),
    "notice.reinstated": ("notices", _("Notice put back into the run")),
    "notice.cancelled": ("notices", _("Notice cancelled")),
    "notices.ground_withdrawn": ("notices", _("Notices lost their ground")),
    "segment.added": ("deliveries", _("Message to many customers begun")),
    "segment.saved": ("deliveries", _("Message to many customers written")),
    "segment.started": ("deliveries", _("Message to many customers started")),
    "segment.cancelled": ("deliveries", _("Message to many customers stopped")),
    "statement.queued": ("deliveries", _("Statement of account queued")),
    "delivery.accepted": ("deliveries", _("Mail accepted by the server")),
    "delivery.refused_temp": ("deliveries", _("Mail refused for now")),
    "delivery.refused_perm": ("deliveries", _("Mail refused")),
    "delivery.uncertain": ("deliveries", _("Mail uncertain")),
    "delivery.returned": ("deliveries", _("Mail came back")),
    "delivery.stopped": ("deliveries", _("Delivery stopped before it left")),
    "delivery.cancelled": ("deliveries", _("Delivery cancelled")),
    "delivery.settled": ("deliveries", _("Uncertain delivery settled")),
    "letters.printed": ("deliveries", _("Letters printed")),
    "pile.made": ("deliveries", _("Letters joined in a pile")),
    "pile.posted": ("deliveries", _("Pile of letters posted")),
    "pile.taken_back": ("deliveries", _("Pile of letters not posted after all")),
    "pile.asked": ("deliveries", _("Pile meant for the letter service")),
    "pile.handed": ("deliveries", _("Pile handed to the letter service")),
    "pile.failed": ("deliveries", _("Pile not handed to the letter service")),
    "pile.uncertain": ("deliveries", _("Nobody knows whether the letter service has a pile")),
    "mails.taken": ("deliveries", _("Incoming mails taken")),
    "sending.locked": ("deliveries", _("Sending locked")),
    "sending.unlocked": ("deliveries", _("Sending unlocked")),
    "installation.confirmed": ("deliveries", _("Installation confirmed after a restore")),
    "sender.saved": ("settings", _("Sender or mail server changed")),
    "sender.emblem": ("settings", _("Logo or signature changed")),
    "sender.tested": ("settings", _("Mail server tested")),
    "account.proposed": ("settings", _("Other bank account proposed")),
    "account.confirmed": ("settings", _("Other bank account confirmed")),
    "account.withdrawn": ("settings", _("Proposed bank account withdrawn")),
    "recipient.allowed": ("settings", _("Recipient allowed")),
    "recipient.disallowed": ("settings", _("Recipient no longer allowed")),
    "text.saved": ("settings", _("Text changed")),
    "strategy.saved": ("settings", _("Strategy changed")),
    "strategy.assigned": ("settings", _("Strategy assigned")),
    "strategy.unassigned": ("settings", _("Strategy no longer assigned")),
    "document.added": ("items", _("Document of an item kept")),
    "document.removed": ("items", _("Document of an item removed")),
    "document.restored": ("items", _("Document of an item put back")),
    "documents.handed_in": ("items", _("Documents handed in")),
    "contact.kept": ("customers", _("Contact of a customer kept")),
    "contact.ended": ("customers", _("Contact of a customer removed")),
    "item.contact_named": ("customers", _("Contact named by an invoice")),
    "item.contact_ended": ("customers", _("Invoice names no contact any more")),
    "sales.asked": ("notices", _("Sales asked whether notices may go")),
    "sales.released": ("notices", _("Notice released by sales")),
    "sales.stopped": ("notices", _("Notice stopped by sales")),
    "sales.undone": ("notices", _("Answer of sales taken back")),
    "call.logged": ("notices", _("Customer called")),
    "call.undone": ("notices", _("Word about a call taken back")),
    "notice.call_due": ("notices", _("Call asked for")),
    "pause.placed": ("settings", _("Dunning paused for a group")),
    "pause.lifted": ("settings", _("Pause of a group lifted")),
    "rhythm.chosen": ("settings", _("Chosen how runs come")),
    "routing.saved": ("settings", _("Who answers cases changed")),
    "rate.added": ("settings", _("Reference rate added")),
    "rate.withdrawn": ("settings", _("Reference rate withdrawn")),
    "strategy.reordered": ("settings", _("Order of the rules for strategies changed")),
    "company.added": ("people", _("Company founded")),
    "grant.given": ("people", _("Role given")),
    "grant.revoked": ("people", _("Role taken away")),
    "view.saved": ("people", _("View of a list saved")),
    "view.changed": ("people", _("View of a list changed")),
    "view.deleted": ("people", _("View of a list deleted")),
}
"""Verb -> its group and what it says. tests/tidy holds the verbs of all actions against this table."""


def verbs_of(group: str) -> tuple[str, ...]:
    """The verbs of a group."""
    return tuple(verb for verb, (gathered, _word) in VERBS.items() if gathered == group)


@register.filter
def verb_word(verb: str) -> str:
    """What a record says was done; a verb without words as it stands."""
    return str(VERBS[verb][1]) if verb in VERBS else verb


@register.filter
def facts_line(facts: Mapping[str, Any]) -> SafeString:
    """The facts of a record that have words, in one line."""
    return format_html_join(" · ", "{} {}", ((said.label, said.value) for said in line_of(facts)))
