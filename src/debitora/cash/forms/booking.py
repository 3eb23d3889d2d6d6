"""What people say a bank line is: why it is none of ours, which items it pays, and why a booking is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.cash.queries.wording import IGNORED_FOR
from debitora.cash.rules.sharing import SHORT, Chosen, Shared, exchanged, share_out
from debitora.cash.rules.spreading import Exchanged, SharesDoNotFit, given_up, refuse_misfits
from debitora.kit.fields import choice, field
from debitora.receivables.queries import ItemRow
from debitora.values.money import AmountTooLarge, Money, exponent, to_minor
from debitora.values.typed import typed_amount

LEFT_OPEN = "open"
SHORTAGES = {
    "part": gettext_lazy("A part payment: the rest stays open"),
    "discount": gettext_lazy("Cash discount"),
    "written_off": gettext_lazy("Write off the difference"),
}
EXCHANGE = gettext_lazy("Exchange difference")
_REFUSALS: Final = {
    "discount": (
        gettext_lazy("A credit manager has to grant as much discount as this."),
        gettext_lazy("Say why more discount is granted than is promised."),
    ),
    "written_off": (
        gettext_lazy("A credit manager has to write off as much as this."),
        gettext_lazy("Say why it is written off."),
    ),
}
"""What is given up -> what is said where it is too much, and where nobody says why."""


class IgnoringForm(forms.Form):
    """Why a line is none of ours. Another reason needs a note."""

    ignored_for = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=list(IGNORED_FOR.items()),
        widget=forms.Select(attrs={"autofocus": True}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Another reason is told."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("ignored_for") == "other" and not found.get("note"):
            self.add_error("note", ValidationError(_("Say what it is.")))
        return found


class ReversalForm(forms.Form):
    """Why a booking is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """An open item of a customer in the form: its box, its amount, and what was wrong with that."""

    row: ItemRow
    chosen: bool
    typed: str
    wrong: str


class ByHandForm(forms.Form):
    """Which items a line pays. `shared` is what comes of it: parts by customer, what is left, what is missing.

    worth: what the line counts as where the items are in another currency. rest: the customer on whose account it goes what no item
    takes, or LEFT_OPEN. short: what becomes of what is missing.
    """

    worth = forms.CharField(
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    item = forms.TypedMultipleChoiceField(required=False, coerce=int)
    rest = forms.ChoiceField(label=gettext_lazy("What is left"), required=False)
    short = forms.ChoiceField(
        label=gettext_lazy("What is missing"),
        required=False,
        choices=list(SHORTAGES.items()),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    previewed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    shared: Shared | None = None

    def __init__(
        self,
        *args: Any,
        left: Money,
        currency: str,
        told: Money | None,
        offered: Sequence[ItemRow],
        customers: Mapping[int, str],
        write_off_limit: int | None,
        discount_bp: int,
        **kwargs: Any,
    ) -> None:
        """`offered`: open items of the customers, by id -> name, in `currency`. left: what is open of the line. told: what it was paid as, as
        the bank says. write_off_limit: None lets any sum pass. discount_bp: basis points that are promised.
        """
        super().__init__(*args, **kwargs)
        self.write_off_limit, self.discount_bp = write_off_limit, discount_bp
        self.left, self.currency, self.told = left, currency, told
        self.is_exchanged = left.currency != currency
        self.rows = {row.item: row for row in offered}
        self.amount_errors: dict[int, str] = {}
        items = field(self, "item", forms.TypedMultipleChoiceField)
        items.choices = [(str(row.item), row.number) for row in offered]
        choice(self, "rest").choices = [
            *((str(key), _("On account of %(name)s") % {"name": name}) for key, name in customers.items()),
            *(() if self.is_exchanged else [(LEFT_OPEN, _("Leave it open: decide later"))]),
        ]
        if self.is_exchanged:
            self._offer_exchange()

    def _offer_exchange(self) -> None:
        worth = field(self, "worth", forms.CharField)
        worth.required = True
        worth.label = _("Counts as, in %(currency)s") % {"currency": self.currency}
        if self.told and self.told.currency == self.currency:
            worth.initial = format(self.told.decimal, "f")
            worth.help_text = _("The bank says so.")
        else:
            worth.help_text = _(
                "What the customer paid in this currency. Say in the note where the rate is from."
            )
        choice(self, "short").choices = [
            ("part", SHORTAGES["part"]),
            ("exchange", EXCHANGE),
            *list(SHORTAGES.items())[1:],
        ]

    def offered(self) -> list[Offered]:
        """The items with what was said of each."""
        chosen = set(self.data.getlist("item")) if hasattr(self.data, "getlist") else set()
        return [
            Offered(
                row,
                str(row.item) in chosen,
                str(self.data.get(f"amount-{row.item}", ""))[:30],
                self.amount_errors.get(row.item, ""),
            )
            for row in self.rows.values()
        ]

    def clean(self) -> dict[str, Any]:
        """Share the line out over what was chosen."""
        found: dict[str, Any] = super().clean() or {}
        chosen = [self._chosen(self.rows[item]) for item in found.get("item", ())]
        if self.amount_errors:
            raise ValidationError(_("An amount cannot be read, or is more than is open."))
        rest = found.get("rest") or LEFT_OPEN
        counts_as = self._counts_as(found)
        if not chosen and rest == LEFT_OPEN:
            raise ValidationError(_("Choose items, or the customer on whose account the money goes."))
        shared = share_out(
            amount=counts_as.minor if counts_as else self.left.minor,
            chosen=[one for one in chosen if one is not None],
            short=found.get("short") or SHORT[0],
            rest_to=None if rest == LEFT_OPEN else int(rest),
        )
        if counts_as:
            shared = replace(
                shared, shares=exchanged(shared.shares, minor=self.left.minor, counts_as=counts_as)
            )
        self.shared = shared
        try:
            refuse_misfits(self.shared.shares)
        except SharesDoNotFit:
            raise ValidationError(
                _("A customer of these would get no money, or credits without an invoice. Choose otherwise.")
            ) from None
        self._refuse_write_off(found)
        return found

    def _counts_as(self, found: Mapping[str, Any]) -> Exchanged | None:
        """What the line counts as; None in its own currency. Raises ValidationError for what is no sum, and for a rate nobody explains."""
        if not self.is_exchanged:
            return None
        minor = self._minor(found.get("worth", ""))
        if not minor:
            raise ValidationError({"worth": _("Say what the payment counts as, for example 1000.00.")})
        source = "bank" if self.told == Money(minor, self.currency) else "by_hand"
        if source == "by_hand" and not found.get("note", "").strip():
            raise ValidationError({"note": _("Say where the rate is from.")})
        return Exchanged(self.currency, minor, source)

    def _refuse_write_off(self, found: Mapping[str, Any]) -> None:
        """What is given up is explained, and more than the policy's bound needs somebody who may approve it."""
        off = given_up(self.shared.shares if self.shared else (), discount_bp=self.discount_bp)
        too_much, why = _REFUSALS["discount" if found.get("short") == "discount" else "written_off"]
        if self.write_off_limit is not None and off > self.write_off_limit:
            self.add_error("short", str(too_much))
        if off and not found.get("note", "").strip():
            self.add_error("note", str(why))

    def _chosen(self, row: ItemRow) -> Chosen | None:
        text = str(self.data.get(f"amount-{row.item}", "")).strip()
        minor = self._read(text, row) if text else row.open_minor
        if minor is None:
            self.amount_errors[row.item] = _("not an amount up to what is open")
            return None
        return Chosen(row.item, row.customer, minor)

    def _read(self, text: str, row: ItemRow) -> int | None:
        """The typed amount with the item's sign; None for what is no amount, or more than is open."""
        minor = self._minor(text) or 0
        return (minor if row.open_minor > 0 else -minor) if 0 < minor <= abs(row.open_minor) else None

    def _minor(self, text: str) -> int | None:
        """The typed amount without sign, in minor units of the items' currency; None for what is none."""
        decimal = typed_amount(text[:30])
        if decimal is None or decimal != round(decimal, exponent(self.currency)):
            return None
        try:
            return to_minor(decimal, self.currency)
        except AmountTooLarge:
            return None
