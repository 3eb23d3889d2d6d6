"""The verbs of the trail in words, gathered by what they are about; and the facts beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from debitora.people.queries import ROLE_NAMES
from debitora.values.locales import format_date, format_number

register = template.Library()
Words = Mapping[str, str | Promise]

GROUPS: Final[Words] = {
    "lists": _("Lists"),
    "customers": _("Customers"),
    "items": _("Open items"),
    "holds": _("Holds"),
    "runs": _("Dunning runs"),
    "notices": _("Notices"),
    "deliveries": _("Deliveries"),
    "settings": _("Settings"),
    "people": _("People"),
}
VERBS: Final[Mapping[str, tuple[str, str | Promise]]] = {
    "file.uploaded": ("lists", _("File uploaded")),
    "import.read": ("lists", _("Columns of a list corrected")),
    "import.discarded": ("lists", _("List discarded")),
    "import.confirmed": ("lists", _("List given free")),
    "import.applied": ("lists", _("List applied")),
    "import.undone": ("lists", _("Import undone")),
    "list.applied": ("lists", _("Items opened, changed and settled per list")),
    "list.undone": ("lists", _("Changes of a list taken back")),
    "customers.saved": ("customers", _("Customers saved")),
    "customer.edited": ("customers", _("Customer changed")),
    "customer.parked": ("customers", _("Customer parked: nothing is sent")),
    "customer.unparked": ("customers", _("Customer no longer parked")),
    "recipients.completed": ("customers", _("Recipients completed")),
    "note.written": ("customers", _("Note written")),
    "item.opened": ("items", _("Item opened")),
    "items.allocated": ("items", _("Credit allocated")),
    "allocation.released": ("items", _("Allocation released")),
    "levels.raised": ("items", _("Dunning levels raised")),
    "levels.withdrawn": ("items", _("Dunning levels taken back")),
    "hold.placed": ("holds", _("Hold placed")),
    "hold.released": ("holds", _("Hold released")),
    "hold.extended": ("holds", _("Hold given another end")),
    "run.proposed": ("runs", _("Run proposed")),
    "run.approved": ("runs", _("Run approved")),
    "run.discarded": ("runs", _("Run discarded")),
    "notice.rendered": ("notices", _("Notice written")),
    "notice.no_recipient": ("notices", _("Notice without a recipient")),
    "notice.render_failed": ("notices", _("Notice could not be written")),
    "notice.stopped": ("notices", _("Notice stopped before it left")),
    "notice.withheld": ("notices", _("Notice taken out of the run")),
    "notice.reinstated": ("notices", _("Notice put back into the run")),
    "notice.cancelled": ("notices", _("Notice cancelled")),
    "notices.ground_withdrawn": ("notices", _("Notices lost their ground")),
    "delivery.accepted": ("deliveries", _("Mail accepted by the server")),
    "delivery.refused_temp": ("deliveries", _("Mail refused for now")),
    "delivery.refused_perm": ("deliveries", _("Mail refused")),
    "delivery.uncertain": ("deliveries", _("Mail uncertain")),
    "delivery.stopped": ("deliveries", _("Delivery stopped before it left")),
    "delivery.cancelled": ("deliveries", _("Delivery cancelled")),
    "delivery.settled": ("deliveries", _("Uncertain delivery settled")),
    "letters.printed": ("deliveries", _("Letters printed")),
    "sending.locked": ("deliveries", _("Sending locked")),
    "sending.unlocked": ("deliveries", _("Sending unlocked")),
    "installation.confirmed": ("deliveries", _("Installation confirmed after a restore")),
    "sender.saved": ("settings", _("Sender or mail server changed")),
    "sender.tested": ("settings", _("Mail server tested")),
    "recipient.allowed": ("settings", _("Recipient allowed")),
    "recipient.disallowed": ("settings", _("Recipient no longer allowed")),
    "text.saved": ("settings", _("Text changed")),
    "strategy.saved": ("settings", _("Strategy changed")),
    "strategy.assigned": ("settings", _("Strategy assigned")),
    "company.added": ("people", _("Company founded")),
    "grant.given": ("people", _("Role given")),
    "grant.revoked": ("people", _("Role taken away")),
}
"""Verb -> its group and what it says. tests/tidy holds the verbs of all actions against this table."""

FACTS: Final[Words] = {
    "number": _("number"),
    "on": _("on"),
    "as_of": _("as of"),
    "from": _("from"),
    "until": _("until"),
    "role": _("role"),
    "version": _("version"),
    "count": _("count"),
    "customers": _("customers"),
    "created": _("new"),
    "changed": _("changed"),
    "opened": _("opened"),
    "paid": _("paid in part"),
    "settled": _("settled"),
    "items": _("items"),
    "overdue": _("overdue"),
    "notices": _("notices"),
}
"""The facts that a line shows, in words; a record itself shows all of its facts as they are sealed."""


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
    return format_html_join(" · ", "{} {}", fact_words(facts))


def fact_words(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and value of each fact that has words and says something."""
    for name, value in facts.items():
        if name in FACTS and value not in ("", None, 0, [], {}):
            yield str(FACTS[name]), _said(name, value)


def _said(name: str, value: Any) -> str:
    if name == "role":
        return str(ROLE_NAMES.get(value, value))
    if isinstance(value, int):
        return format_number(value, get_language() or "en")
    return _day(str(value))


def _day(text: str) -> str:
    """A day as the reader writes it; any other text as it stands."""
    try:
        return format_date(date.fromisoformat(text), get_language() or "en") if len(text) == 10 else text
    except ValueError:
        return text
