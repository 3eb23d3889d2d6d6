"""Facts, subjects and actors of the trail in words. What has no word here is shown plainly, never left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from debitora.people.queries import ROLE_NAMES
from debitora.values.locales import format_date, format_money, format_number
from debitora.values.money import Money, is_currency

Words = Mapping[str, str | Promise]

SHORT: Final[Words] = {
    "number": _("number"),
    "on": _("on"),
    "as_of": _("as of"),
    "from": _("from"),
    "month": _("month"),
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
    "due": _("answer until"),
    "outcome": _("outcome"),
    "minor": _("sum"),
    "payments": _("payments"),
    "bookings": _("bookings"),
    "lines": _("lines"),
    "reason": _("reason"),
    "reasons": _("reasons"),
    "channel": _("channel"),
    "language": _("language"),
    "fields": _("fields"),
}
"""The facts that a line shows."""

LONG: Final[Words] = {
    **SHORT,
    "kind": _("kind"),
    "country": _("country"),
    "place": _("place in the order"),
    "currency": _("currency"),
    "finding": _("finding"),
    "confirmed": _("confirmed"),
    "key": _("text of the step"),
    "size": _("size of the file"),
    "unchanged": _("unchanged"),
    "corrected": _("raised"),
    "reappeared": _("open again"),
    "terms": _("new due days"),
    "terms_changed": _("new due days"),
    "regrouped": _("new product groups"),
    "behind": _("list behind the ledger"),
    "caught_up": _("list has caught up"),
    "customers_created": _("new customers"),
    "without_email": _("without e-mail address"),
    "without_address": _("without postal address"),
    "entries": _("entries reversed"),
    "reversed": _("entries reversed"),
    "allocations": _("allocations released"),
    "released": _("allocations released"),
    "allocated": _("allocations made"),
    "deductions": _("discounts and write-offs"),
    "booking": _("booking no."),
    "patterns": _("kinds of evidence"),
    "by_itself": _("booked without asking"),
    "care": _("looks that a wrong booking is worth"),
    "discount_bp": _("discount in hundredths of a percent"),
    "write_off_minor": _("write-off up to, in cents"),
    "cancelled": _("notices cancelled"),
    "ground_withdrawn": _("notices without ground"),
    "before": _("in place of hold no."),
    "user": _("person"),
    "notice": _("notice no."),
    "allocation": _("allocation no."),
    "list_import": _("import no."),
    "source": _("source no."),
    "returned": _("mails that came back"),
    "left": _("mails that left within a day"),
    "status": _("status by the server"),
    "sha256": _("SHA-256 of the file"),
    "document": _("SHA-256 of the letter"),
    "digest": _("SHA-256 of the version"),
}
"""All facts that actions write; a record itself shows each of them."""

CODES: Final[Words] = {
    # why a hold was placed, or a customer parked
    "clarification": _("clarification"),
    "promise": _("promise to pay"),
    "complaint": _("complaint"),
    "agreement": _("agreement"),
    "legal": _("legal dispute"),
    "insolvency": _("insolvency"),
    "bounced": _("mail came back"),
    "address": _("address is wrong"),
    "identity": _("not sure who this is"),
    "deceased": _("deceased"),
    "check": _("found by the check"),
    "restored": _("mails left that the restored database does not know"),
    "other": _("other reason"),
    # why a notice did not leave, or was taken back
    "paid": _("paid meanwhile"),
    "changed": _("open sum changed"),
    "held": _("on hold"),
    "recipient_changed": _("recipient changed"),
    "suppressed": _("address takes no mail"),
    "customer_parked": _("customer parked"),
    "locked": _("sending locked"),
    "bound": _("safety bound reached"),
    "not_allowlisted": _("address not allowed here"),
    "claims_changed": _("interest or lump sum changed"),
    "reminded_meanwhile": _("reminded meanwhile"),
    "import_undone": _("import undone"),
    "by_hand": _("by hand"),
    "person": _("by hand"),
    "cancelled_by_person": _("cancelled by a person"),
    "settled_by_person": _("settled by a person"),
    "attempts_used_up": _("all attempts used up"),
    "address_is_dead": _("mailbox does not exist"),
    "sender_refused": _("the mail server refuses the sender"),
    "many_returned": _("more mails came back than can be right"),
    "in_vain": _("other servers tried in vain"),
    "not_accepted": _("the recipient's server does not accept it"),
    "worker_gone": _("work broke off"),
    "in_journal": _("found in the journal of sending"),
    "mistake": _("put against the wrong item"),
    "withdrawn": _("credit withdrawn"),
    # why something is clarified, and what came of it
    "price": _("price"),
    "discount": _("discount or bonus"),
    "quantity": _("quantity"),
    "quality": _("quality"),
    "delivery": _("goods not delivered"),
    "missing_order": _("order number missing"),
    "duplicate": _("invoiced twice"),
    "already_paid": _("paid already"),
    "special_deal": _("special deal"),
    "valid": _("claim is valid"),
    "credit_expected": _("credit note comes"),
    "new_due_date": _("new due day agreed"),
    "promised": _("promised until a day"),
    "write_off_proposed": _("write-off proposed"),
    # what came of a call
    "reached": _("reached"),
    "not_reached": _("not reached"),
    "wrong_number": _("wrong number"),
    # what a person had to confirm before a list was applied
    "settles_many": _("settles unusually many items"),
    "older_than_last": _("older than the list before"),
    "looks_old": _("looks old"),
    "goes_back": _("goes back behind the list before"),
    "total_differs": _("stated total differs"),
    "company_codes": _("several company codes"),
    # what became of an uncertain delivery
    "sent": _("arrived"),
    "resend": _("did not arrive: sent again"),
    "dropped": _("left as it is"),
    # kinds, channels, fields
    "invoice": _("invoice"),
    "credit": _("credit note"),
    "payment": _("payment on account"),
    "charge": _("charge"),
    "business": _("business"),
    "consumer": _("consumer"),
    "unknown": _("unknown"),
    "mail": _("e-mail"),
    "letter": _("letter"),
    "de": _("German"),
    "en": _("English"),
    "fr": _("French"),
    "nl": _("Dutch"),
    "upcoming": _("before the due day"),
    "reminder": _("payment reminder"),
    "notice1": _("first notice"),
    "notice2": _("second notice"),
    "final": _("final notice"),
    "name": _("name"),
    "contact_name": _("contact"),
    "street": _("street"),
    "postcode": _("postcode"),
    "city": _("city"),
    "country": _("country"),
    "email": _("e-mail address"),
    "phone": _("phone"),
    "language": _("language"),
    "kind": _("kind"),
    "returned": _("payment returned"),
    "refunded": _("credit paid back"),
    "ignored": _("ignored"),
    "own_transfer": _("transfer between own accounts"),
    "interest": _("interest"),
    "bank_fee": _("bank charges"),
    "no_receivable": _("not about a customer"),
    "salesperson_id": _("salesperson"),
    "parent_id": _("parent"),
    "iban": _("IBAN"),
    "bic": _("BIC"),
    "imprint": _("imprint"),
    "smtp_host": _("mail server"),
    "smtp_port": _("port of the mail server"),
    "smtp_user": _("login at the mail server"),
    "smtp_password": _("password of the mail server"),
    "smtp_security": _("encryption"),
    "reply_to": _("reply address"),
    "reply_marked": _("reply addresses of their own"),
    "bank": _("bank"),
    "daily_bound": _("mails a day at most"),
    "only_allowed": _("only to allowed addresses"),
}
"""Codes that stand as values in facts. One that is not listed is shown as it stands."""

SUBJECTS: Final[Words] = {
    "bank_entry": _("bank lines"),
    "case": _("cases"),
    "company": _("company"),
    "customer": _("customers"),
    "hold": _("holds"),
    "import": _("imports"),
    "list_import": _("imports"),
    "intent": _("deliveries"),
    "item": _("items"),
    "lock": _("send locks"),
    "match_policy": _("policies of matching"),
    "notice": _("notices"),
    "question": _("questions to sales"),
    "run": _("runs"),
    "segment": _("messages to many customers"),
    "sender": _("senders"),
    "source": _("sources"),
    "strategy": _("strategies"),
    "text": _("texts"),
    "user": _("people"),
}
JOBS: Final[Words] = {
    "cash.look": _("watched folder of bank files"),
    "check": _("check"),
    "demo": _("building of the demo"),
    "dunning.daily": _("daily run"),
    "dunning.follow": _("follow-up of notices"),
    "dunning.release": _("release of notices"),
    "exchange.apply": _("applying lists"),
    "exchange.look": _("watched folders of lists"),
    "matching": _("matching"),
    "messaging.drop": _("piles of letters"),
    "messaging.fetch": _("mails that came in"),
    "messaging.rescue": _("tidying up after a stop"),
    "messaging.send": _("dispatch"),
    "receivables.look": _("watched folder of copies of invoices"),
    "receivables.levels": _("dunning levels"),
}
"""What the system was doing, by the name of its job."""

_DIGESTS: Final = frozenset({"sha256", "document", "digest"})
_NUMBERS: Final = frozenset({"before", "booking", "notice", "allocation", "list_import", "source"})
"""Facts that are numbers of rows: written without separators."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact for people: label and value. `exact`: signs to be compared one by one, such as a hash."""

    label: str
    value: str
    exact: bool = False


def line_of(facts: Mapping[str, Any]) -> Iterator[Said]:
    """The facts that fit into a line, those that say something."""
    shown = {
        name: value for name, value in facts.items() if name in SHORT and value not in ("", None, 0, [], {})
    }
    return all_of(shown, currency=str(facts.get("currency", "")))


def all_of(
    facts: Mapping[str, Any], *, currency: str = "", people: Mapping[int, str] | None = None
) -> Iterator[Said]:
    """Every fact with its label, in the order of LONG, unknown ones last. people: names by user id."""
    order = list(LONG)
    named = sorted(facts, key=lambda name: (order.index(name) if name in LONG else len(order), name))
    unit = str(facts.get("currency", currency))
    for name in named:
        if name == "currency" and "minor" in facts:
            continue
        label = str(LONG.get(name, name))
        yield Said(label, _value(name, facts[name], unit, people or {}), exact=name in _DIGESTS)


def subjects_of(counts: Mapping[str, int]) -> Iterator[Said]:
    """What a record is about: kinds of objects and how many of each; a kind that has two names once."""
    summed: dict[str, int] = {}
    for kind, many in counts.items():
        label = str(SUBJECTS.get(kind, kind))
        summed[label] = max(summed.get(label, 0), many)
    return (Said(label, _count(many)) for label, many in summed.items())


def actor_of(kind: str, label: str, names: Mapping[str, str]) -> str:
    """Who did it: a person by her name, the system, an account of the command line. names: by login."""
    if kind == "system":
        return "Debitora"
    if kind == "account":
        return gettext("%(account)s (command line)") % {"account": label}
    return names.get(label, label)


def job_of(kind: str, label: str) -> str:
    """What the system was doing; "" for people and accounts."""
    return str(JOBS.get(label, label)) if kind == "system" else ""


def _value(name: str, value: Any, currency: str, people: Mapping[int, str]) -> str:
    if isinstance(value, list):
        return (
            ", ".join(str(each) if isinstance(each, int) else _value(name, each, "", {}) for each in value)
            or "–"
        )
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return _whole(name, value, currency, people)
    text = str(value)
    if name == "role":
        return str(ROLE_NAMES.get(text, text))
    return text if name in _DIGESTS or name == "number" else _day(str(CODES.get(text, text)))


def _whole(name: str, value: int, currency: str, people: Mapping[int, str]) -> str:
    if name == "minor" and is_currency(currency):
        return format_money(Money(value, currency), _language())
    if name == "user":
        return people.get(value, str(value))
    if name == "size":
        return filesizeformat(value)
    return str(value) if name in _NUMBERS else _count(value)


def _count(value: int) -> str:
    return format_number(value, _language())


def _day(text: str) -> str:
    """A day as the reader writes it; any other text as it stands."""
    try:
        return format_date(date.fromisoformat(text), _language()) if len(text) == 10 else text
    except ValueError:
        return text


def _language() -> str:
    return get_language() or "en"


def names_of(people: Iterable[tuple[int, str, str]]) -> tuple[dict[int, str], dict[str, str]]:
    """Names by user id and by login, of (id, login, name)."""
    found = list(people)
    return {user: name for user, _login, name in found}, {login: name for _user, login, name in found}
