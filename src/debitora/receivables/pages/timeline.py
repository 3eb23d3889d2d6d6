"""The timeline of a customer: what every room recorded about her, in words, newest first, older on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.kit.narrowing import whole
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import names_by_login
from debitora.receivables import gates, queries
from debitora.receivables.forms import words
from debitora.receivables.forms.words import said
from debitora.receivables.pages.layers import day_of, scope_of
from debitora.receivables.queries import HoldRow, ItemName
from debitora.receivables.queries.agreements import agreement_texts
from debitora.receivables.queries.notes import note_texts
from debitora.trail.queries import TimelineRow, timeline_of_customer
from debitora.values.locales import format_date, format_money
from debitora.values.money import Money

SIZE: Final = 20

ABOUT: Final = {
    "": gettext_lazy("Everything"),
    "notices": gettext_lazy("Notices"),
    "items": gettext_lazy("Items"),
    "holds": gettext_lazy("Holds"),
    "cases": gettext_lazy("Clarification"),
    "notes": gettext_lazy("Notes and agreements"),
    "master": gettext_lazy("Master data"),
}
PREFIXES: Final = {
    "notices": (
        "notice.",
        "notices.",
        "delivery.",
        "statement.",
        "letters.",
        "levels.",
        "level.",
        "run.",
        "call.",
    ),
    "items": (
        "item.",
        "items.",
        "allocation.",
        "list.",
        "import.",
        "payments.",
        "payment.",
        "credit.",
        "outflow.",
        "write_off.",
        "booking.",
        "bank_entry.",
    ),
    "holds": ("hold.",),
    "master": ("customer.", "customers.", "recipients.", "strategy.", "contact.", "consent.", "optout."),
    "cases": ("case.", "mail."),
    "notes": ("note.", "agreement."),
}

VERBS: Final = {
    "hold.placed": ("lock", gettext_lazy("Hold placed")),
    "hold.released": ("lock-open", gettext_lazy("Hold released")),
    "hold.extended": ("calendar-time", gettext_lazy("Hold given another end")),
    "case.opened": ("message-question", gettext_lazy("Case opened")),
    "case.assigned": ("user", gettext_lazy("Case handed on")),
    "case.answered": ("message", gettext_lazy("Case answered")),
    "case.withdrawn": ("arrow-back-up", gettext_lazy("Answer to a case taken back")),
    "case.commented": ("message", gettext_lazy("Case commented on")),
    "mail.placed": ("inbox", gettext_lazy("Incoming mail placed")),
    "mail.returned": ("inbox", gettext_lazy("Incoming mail put back into the inbox")),
    "case.moved": ("calendar-time", gettext_lazy("Case given another last day")),
    "case.closed": ("circle-check", gettext_lazy("Case closed")),
    "case.reopened": ("arrow-back-up", gettext_lazy("Case opened again")),
    "case.reminded": ("bell", gettext_lazy("Reminded of the answer to a case")),
    "case.escalated": ("alert-circle", gettext_lazy("Case passed on for want of an answer")),
    "consent.given": ("circle-check", gettext_lazy("Agreed to invoices by e-mail")),
    "consent.withdrawn": ("arrow-back-up", gettext_lazy("Consent to invoices by e-mail taken back")),
    "optout.given": ("x", gettext_lazy("Wants no messages to many")),
    "optout.withdrawn": ("arrow-back-up", gettext_lazy("Wants messages to many again")),
    "note.written": ("message", gettext_lazy("Note")),
    "note.withdrawn": ("arrow-back-up", gettext_lazy("Note taken back")),
    "note.restored": ("message", gettext_lazy("Note put back")),
    "write_off.proposed": ("receipt", gettext_lazy("Write-off proposed")),
    "write_off.booked": ("receipt", gettext_lazy("Written off")),
    "write_off.declined": ("circle-x", gettext_lazy("Write-off declined")),
    "write_off.withdrawn": ("arrow-back-up", gettext_lazy("Proposal of a write-off taken back")),
    "write_off.reversed": ("arrow-back-up", gettext_lazy("Write-off reversed")),
    "agreement.entered": ("checks", gettext_lazy("Agreement entered")),
    "agreement.ended": ("circle-x", gettext_lazy("Agreement ended")),
    "agreement.resumed": ("arrow-back-up", gettext_lazy("Agreement taken up again")),
    "item.deferred": ("calendar-due", gettext_lazy("Another due day agreed")),
    "item.undeferred": ("arrow-back-up", gettext_lazy("Due again when the list says")),
    "item.opened": ("file-plus", gettext_lazy("Item opened")),
    "items.allocated": ("link", gettext_lazy("Credit put against an invoice")),
    "allocation.released": ("unlink", gettext_lazy("Allocation taken back")),
    "payments.settled": ("cash", gettext_lazy("Payment entered")),
    "payment.returned": ("arrow-back-up", gettext_lazy("Payment returned by the bank")),
    "payment.taken_back": ("arrow-back-up", gettext_lazy("Payment taken out again")),
    "credit.refunded": ("cash", gettext_lazy("Credit paid back")),
    "outflow.taken_back": ("arrow-back-up", gettext_lazy("Outgoing money taken back")),
    "booking.taken_back": ("arrow-back-up", gettext_lazy("Booking of a bank line taken back")),
    "bank_entry.returned": ("building-bank", gettext_lazy("Bank line booked as a payment returned")),
    "bank_entry.refunded": ("building-bank", gettext_lazy("Bank line booked as a credit paid back")),
    "payer.forgotten": ("bulb-off", gettext_lazy("Account of a payer forgotten")),
    "habits.forgotten": ("bulb-off", gettext_lazy("Habits of a payer forgotten")),
    "list.applied": ("file-import", gettext_lazy("Open-item list applied")),
    "list.undone": ("arrow-back-up", gettext_lazy("Open-item list undone")),
    "import.applied": ("file-import", gettext_lazy("Import applied")),
    "import.undone": ("arrow-back-up", gettext_lazy("Import undone")),
    "customers.saved": ("users", gettext_lazy("Customer list applied")),
    "customer.edited": ("edit", gettext_lazy("Master data changed")),
    "customer.parked": ("player-pause", gettext_lazy("Parked: nothing is sent")),
    "customer.unparked": ("player-play", gettext_lazy("No longer parked")),
    "strategy.assigned": ("list-check", gettext_lazy("Strategy chosen for this customer")),
    "strategy.unassigned": ("list-check", gettext_lazy("Strategy by the rules again")),
    "document.added": ("file-plus", gettext_lazy("Document of an item kept")),
    "document.removed": ("file-x", gettext_lazy("Document of an item removed")),
    "document.restored": ("file-check", gettext_lazy("Document of an item put back")),
    "contact.kept": ("user", gettext_lazy("Contact of a customer kept")),
    "contact.ended": ("user-off", gettext_lazy("Contact of a customer removed")),
    "item.contact_named": ("user", gettext_lazy("Contact named by an invoice")),
    "item.contact_ended": ("user-off", gettext_lazy("Invoice names no contact any more")),
    "recipients.completed": ("mail-plus", gettext_lazy("E-mail address completed")),
    "claims.accrued": ("receipt", gettext_lazy("Fee or interest claimed")),
    "claims.booked": ("receipt", gettext_lazy("Claim booked on the account")),
    "claims.unbooked": ("arrow-back-up", gettext_lazy("Claim taken off the account")),
    "claims.returned": ("arrow-back-up", gettext_lazy("Claim of a notice taken back")),
    "claim.waived": ("receipt-2", gettext_lazy("Claim waived")),
    "claim.restored": ("receipt", gettext_lazy("Waiver of a claim taken back")),
    "levels.raised": ("trending-up", gettext_lazy("Level raised")),
    "levels.withdrawn": ("trending-down", gettext_lazy("Level withdrawn")),
    "run.proposed": ("search", gettext_lazy("Looked at by a dunning run")),
    "notice.rendered": ("file-text", gettext_lazy("Notice written")),
    "notice.accepted": ("mail-check", gettext_lazy("Notice accepted by the mail server")),
    "notice.printed": ("printer", gettext_lazy("Notice printed")),
    "notice.stopped": ("hand-stop", gettext_lazy("Notice stopped before it left")),
    "notice.refused": ("mail-off", gettext_lazy("Notice refused")),
    "notice.returned": ("mail-off", gettext_lazy("Notice came back")),
    "notice.cancelled": ("circle-x", gettext_lazy("Notice cancelled")),
    "notice.withheld": ("lock-pause", gettext_lazy("Notice taken out of the run")),
    "notice.reinstated": ("player-play", gettext_lazy("Notice put back into the run")),
    "notice.call_due": ("phone", gettext_lazy("Call asked for")),
    "sales.asked": ("message-question", gettext_lazy("Sales asked whether a notice may go")),
    "sales.released": ("circle-check", gettext_lazy("Notice released by sales")),
    "sales.stopped": ("hand-stop", gettext_lazy("Notice stopped by sales")),
    "sales.undone": ("arrow-back-up", gettext_lazy("Answer of sales taken back")),
    "call.logged": ("phone", gettext_lazy("Customer called")),
    "call.undone": ("arrow-back-up", gettext_lazy("Word about a call taken back")),
    "notice.no_recipient": ("user-off", gettext_lazy("Notice waits for a recipient")),
    "notice.render_failed": ("file-x", gettext_lazy("Notice could not be written")),
    "notice.ground_withdrawn": ("arrow-back-up", gettext_lazy("Notice lost its ground")),
    "statement.queued": ("report-money", gettext_lazy("Statement of account queued")),
    "delivery.accepted": ("mail-check", gettext_lazy("Mail accepted")),
    "delivery.refused_temp": ("mail-exclamation", gettext_lazy("Mail refused for now")),
    "delivery.refused_perm": ("mail-off", gettext_lazy("Mail refused")),
    "delivery.returned": ("mail-off", gettext_lazy("Mail came back")),
    "delivery.stopped": ("hand-stop", gettext_lazy("Mail stopped before it left")),
    "delivery.uncertain": ("help-circle", gettext_lazy("Mail: unclear whether it left")),
    "delivery.settled": ("circle-check", gettext_lazy("Unclear mail settled by a person")),
    "pile.posted": ("printer", gettext_lazy("Letters printed")),
    "pile.taken_back": ("arrow-back-up", gettext_lazy("Letter not posted after all")),
    "letters.printed": ("printer", gettext_lazy("Letters printed")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One record in words: icon, what, the details in short pieces, the text a person wrote, and where it leads."""

    icon: str
    what: str
    details: tuple[str, ...]
    wording: str
    href: str
    at: datetime
    who: str


@page("customers.view")
def customer_timeline(request: CompanyRequest, customer: int) -> HttpResponse:
    """A piece of the timeline; `before` continues below what is shown already, `about` narrows it."""
    gates.customer(scope=scope_of(request), customer=customer)
    about = request.GET.get("about", "") if request.GET.get("about", "") in ABOUT else ""
    before = whole(request.GET, "before")
    rows = timeline_of_customer(
        customer=customer, before=before, size=SIZE + 1, verbs=PREFIXES.get(about, ())
    )
    shown = rows[:SIZE]
    context = {
        "entries": told(
            shown,
            customer=customer,
            on=day_of(request),
            names=names_by_login(company=request.company),
        ),
        "about": about,
        "abouts": [(code, word, code == about) for code, word in ABOUT.items()],
        "address": reverse("receivables:customer_timeline", args=[customer]),
        "older": shown[-1].id if len(rows) > SIZE else None,
        "continued": before is not None,
    }
    return render(request, "receivables/_timeline.html", context)


def told(rows: list[TimelineRow], *, customer: int, on: date, names: Mapping[str, str]) -> list[Told]:
    """Records in words. What they name by id is looked up once for all of them. names: of people, by login."""
    holds = {hold.hold: hold for hold in queries.holds_ever(on=on, customer=customer)}
    items = queries.item_names(items=[row.object_id for row in rows if row.kind == "item"])
    texts = {
        "note.written": note_texts(notes=_objects(rows, "note.written")),
        "agreement.entered": agreement_texts(agreements=_objects(rows, "agreement.entered")),
    }
    return [_told(row, holds, items, names, texts) for row in rows]


def _objects(rows: list[TimelineRow], verb: str) -> set[int]:
    return {row.object_id for row in rows if row.verb == verb}


def _told(
    row: TimelineRow,
    holds: dict[int, HoldRow],
    items: dict[int, ItemName],
    names: Mapping[str, str],
    texts: Mapping[str, Mapping[int, str]],
) -> Told:
    icon, what = VERBS.get(row.verb, ("point", row.verb))
    hold = holds.get(row.object_id) if row.kind == "hold" else None
    item = items.get(row.object_id) if row.kind == "item" else None
    return Told(
        icon=icon,
        what=str(what),
        details=tuple(detail for detail in _details(row, hold, item) if detail),
        wording=row.wording or (hold.note if hold else "") or texts.get(row.verb, {}).get(row.object_id, ""),
        href=_address(row, hold),
        at=row.recorded_at,
        who=_("Debitora") if row.actor_kind == "system" else names.get(row.actor, row.actor),
    )


def _details(row: TimelineRow, hold: HoldRow | None, item: ItemName | None) -> Iterable[str]:
    yield hold.number if hold else (item.number if item else str(row.facts.get("number", "")))
    yield _sum(row.facts, hold.currency if hold else (item.currency if item else ""))
    yield _reason(row)
    if until := row.facts.get("until"):
        yield _("until %(day)s") % {"day": _day(str(until))}
    if fields := row.facts.get("fields"):
        yield ", ".join(said(words.FIELDS, str(field)) for field in fields)


def _sum(facts: dict[str, Any], currency: str) -> str:
    minor, named = facts.get("minor"), str(facts.get("currency", currency))
    if not isinstance(minor, int) or not named:
        return ""
    return format_money(Money(minor, named), get_language() or "en")


def _reason(row: TimelineRow) -> str:
    """The word for a reason of this room; those of higher rooms stand on their own pages."""
    known = {
        "hold": words.HOLD_REASONS,
        "customer": words.PARK_REASONS | words.PARKED_BY_ITSELF,
        "allocation": words.RELEASE_REASONS,
    }
    reason = str(row.facts.get("reason", ""))
    return str(known.get(row.verb.partition(".")[0], {}).get(reason, ""))


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text), get_language() or "en")


def _address(row: TimelineRow, hold: HoldRow | None) -> str:
    if row.kind == "item":
        return elsewhere("receivables:item", row.object_id)
    if hold is not None and hold.item is not None:
        return elsewhere("receivables:item", hold.item)
    if row.kind == "case":
        return elsewhere("disputes:case", row.object_id)
    return elsewhere("dunning:notice", row.object_id) if row.kind == "notice" else ""
