"""What the codes of this room are called. Pure code gives codes; here they become words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from debitora.kit.agingbar import NAMES as BAND_NAMES
from debitora.values.locales import format_money, format_number
from debitora.values.money import MAX_MINOR, Money

BANDS = BAND_NAMES
ITEM_KINDS = {
    "invoice": _("Invoice"),
    "credit": _("Credit note"),
    "payment": _("Payment on account"),
    "charge": _("Charge"),
}
STATES = {
    "open": _("Open"),
    "overdue": _("Overdue"),
    "not_due": _("Not due"),
    "credits": _("Credits"),
    "settled": _("Settled"),
    "all": _("All"),
}
ENTRY_KINDS = {
    "opened": _("Opened"),
    "corrected": _("Corrected"),
    "charged": _("Charged"),
    "paid_per_list": _("Part payment per list"),
    "settled_per_list": _("Settled per list"),
    "exchange": _("Exchange difference"),
    "written_off": _("Written off"),
    "discount": _("Cash discount"),
    "returned": _("Payment returned"),
    "refunded": _("Credit paid back"),
}
RELEASE_REASONS = {
    "mistake": _("Put against the wrong item"),
    "withdrawn": _("The credit was withdrawn"),
    "other": _("Other reason"),
}
ALLOCATION_REASONS = {
    "by_hand": _("by hand"),
    "directed": _("the payer named it"),
    "matched": _("found by its amount"),
    "law_366": _("in the order of § 366 BGB"),
    "law_367": _("charges first, by § 367 BGB"),
    "list_undone": _("import undone"),
    **RELEASE_REASONS,
}
HOLD_REASONS = {
    "clarification": _("Clarification"),
    "promise": _("Promise to pay"),
    "complaint": _("Complaint"),
    "agreement": _("Agreement"),
    "legal": _("Legal dispute"),
    "insolvency": _("Insolvency"),
    "other": _("Other reason"),
}
CUSTOMER_KINDS = {
    "business": _("Business"),
    "consumer": _("Consumer"),
    "unknown": _("Unknown"),
}
CONTACT_ROLES = {
    "payables": _("Accounts payable"),
    "management": _("Management"),
    "signer": _("Who signed the contract"),
}
"""Whom one may write to at a customer, from below upwards."""
CONTACTS = {**CONTACT_ROLES, "invoices": _("Named on invoices")}
"""Beside them, whom invoices name."""
PARK_REASONS = {
    "bounced": _("Mail came back"),
    "address": _("Address is wrong"),
    "identity": _("Not sure who this is"),
    "insolvency": _("Insolvency"),
    "deceased": _("Deceased"),
    "legal": _("Legal dispute"),
    "other": _("Other reason"),
}
"""Why a person parks a customer."""
PARKED_BY_ITSELF = {
    "check": _("Found by the check"),
    "restored": _("Mails left that a restored database does not know"),
}
"""Why a command of the operator parks a customer; nobody chooses these."""
LANGUAGES = {
    "": _("As the company"),
    "de": _("German"),
    "en": _("English"),
    "fr": _("French"),
    "nl": _("Dutch"),
}
FIELDS = {
    "name": _("Name"),
    "contact_name": _("Contact"),
    "street": _("Street"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "country": _("Country"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "language": _("Language"),
    "kind": _("Kind"),
    "salesperson_id": _("Salesperson"),
    "parent_id": _("Parent"),
}


def said(words: Mapping[str, object], code: str) -> str:
    """The word for a code; the code itself where there is none, so that a new one is seen rather than lost."""
    return str(words.get(code, code))


def sum_text(minor: int, currency: str) -> str:
    """A sum with its currency in the reader's language; also where it exceeds what one amount may be."""
    language = get_language() or "en"
    if abs(minor) < MAX_MINOR:
        return format_money(Money(minor, currency), language)
    places = len(str(Money(0, currency).decimal).partition(".")[2])
    return f"{format_number(minor // 10**places, language)} {currency}"
