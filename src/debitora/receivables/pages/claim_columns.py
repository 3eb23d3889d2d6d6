"""The columns of the list of claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.cells import addresses_of, link, opener
from debitora.kit.columns import Column, labelled
from debitora.receivables.queries.claims import ClaimRow
from debitora.values.locales import format_date, format_money
from debitora.values.money import Money

SHOWN: Final = ("kind", "customer", "of", "until", "accrued", "settled", "open")
"""What the list shows without being asked."""
WRITTEN: Final = (
    "kind",
    "customer_number",
    "customer",
    "number",
    "until",
    "currency",
    "accrued",
    "waived",
    "paid",
    "booked",
    "open",
)
"""What a file holds without being asked."""
MONEY: Final = ("accrued", "waived", "paid", "booked", "settled", "open")


def kind_words() -> Mapping[str, str]:
    """What each kind of claim is called."""
    return {
        "fee": _("Fee of a notice"),
        "interest": _("Default interest"),
        "lump_sum": _("Lump sum for late payment"),
    }


def claim_columns(*, may_waive: bool) -> dict[str, Column[ClaimRow]]:
    """Every column by its name. Who may waive opens the waiver of a row, others only read it."""
    language, words = get_language() or "en", kind_words()
    waiver = addresses_of("receivables:waive_claim")
    item, notice = addresses_of("receivables:item"), addresses_of("dunning:notice")
    customer = addresses_of("receivables:customer")

    def sums(
        label: str, minor: Callable[[ClaimRow], int], marks: str = "money", sort: str = ""
    ) -> Column[ClaimRow]:
        def value(row: ClaimRow) -> Money:
            return Money(minor(row), row.currency)

        def shown(row: ClaimRow) -> str:
            return format_money(value(row), language) if minor(row) else ""

        return Column(label, value, shown, marks, sort, labelled(label))

    def of(row: ClaimRow) -> str:
        if row.item is not None:
            return link(item(row.item), row.item_number)
        return link(notice(row.notice or 0), _("Notice"))

    def until(row: ClaimRow) -> str:
        return format_date(row.until_on - timedelta(days=1), language) if row.until_on else ""

    return {
        "kind": Column(
            _("Claim"), lambda row: words[row.kind],
            lambda row: opener(waiver(row.claim), words[row.kind], beside=True) if may_waive and row.open_minor else words[row.kind],
            sort="kind", marks="data-title",
        ),
        "customer_number": Column(_("Customer number"), lambda row: row.customer_number, lambda row: row.customer_number, "low"),
        "customer": Column(
            _("Customer"), lambda row: row.customer_name,
            lambda row: link(customer(row.customer), row.customer_name), "clip", "customer", "data-wide",
        ),
        "of": Column(_("Of"), lambda row: row.item_number, of, "", "", labelled(_("Of"))),
        "number": Column(_("Number"), lambda row: row.item_number, lambda row: row.item_number, "low"),
        "until": Column(_("Until"), until, until, "date", "until", labelled(_("Until"))),
        "currency": Column(_("Currency"), lambda row: row.currency, lambda row: row.currency, "low"),
        "accrued": sums(_("Claimed"), lambda row: row.accrued_minor, sort="accrued"),
        "waived": sums(_("Waived"), lambda row: row.waived_minor, "money low"),
        "paid": sums(_("Paid"), lambda row: row.paid_minor, "money low"),
        "booked": sums(_("Booked on the account"), lambda row: row.booked_minor, "money low"),
        "settled": sums(_("Waived, paid or booked"), lambda row: row.accrued_minor - row.open_minor, "money low"),
        "open": sums(_("Open"), lambda row: row.open_minor, "money strong", "open"),
    }  # fmt: skip
