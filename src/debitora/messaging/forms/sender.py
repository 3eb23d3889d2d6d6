"""The sender and its mail server, typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from debitora.messaging.models import Sender

SECURITIES = (
    ("starttls", _("STARTTLS (usual, port 587)")),
    ("tls", _("TLS from the start (port 465)")),
    ("none", _("None: only for a server on this machine")),
)
LETTERHEAD = (
    "name", "street", "postcode", "city", "contact_name", "phone", "email", "reply_to", "reply_marked", "iban", "bic", "bank", "imprint",
    "colour", "footer",
)  # fmt: skip
SERVER = (
    "smtp_host",
    "smtp_port",
    "smtp_security",
    "smtp_user",
    "smtp_password",
    "dkim_selector",
    "daily_bound",
    "only_allowed",
)


class Needed(forms.CharField):
    """A field that is needed before the first sending, and may still be empty until then."""

    def validate(self, value: object) -> None:
        """Nothing is demanded while it is being filled in bit by bit."""


class SenderForm(forms.Form):
    """Who writes, where to pay to, and through which server. A password left empty stays as it was."""

    use_required_attribute = False

    name = Needed(label=_("Company"), max_length=200)
    street = Needed(label=_("Street and number"), max_length=200)
    postcode = Needed(label=_("Postcode"), max_length=20)
    city = Needed(label=_("City"), max_length=120)
    contact_name = forms.CharField(
        label=_("Person to ask"),
        max_length=120,
        required=False,
        help_text=_("Stands on every letter: whom the customer may call."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = Needed(
        label=_("E-mail address that mails come from"),
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    reply_to = forms.CharField(
        label=_("Answers go to"),
        max_length=254,
        required=False,
        help_text=_("Empty: to the address that mails come from."),
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    reply_marked = forms.BooleanField(
        label=_("Answers go to an address of their own"),
        required=False,
        help_text=_(
            "To name+mark@domain, so that an answer finds its case whatever its author's mail program leaves out. Only if your mailbox takes"
            " such addresses: write one to yourself and see that it comes."
        ),
    )
    iban = Needed(label=_("IBAN"), max_length=42)
    bic = forms.CharField(label=_("BIC"), max_length=11, required=False)
    bank = forms.CharField(label=_("Bank"), max_length=120, required=False)
    imprint = Needed(
        label=_("Imprint"),
        max_length=2000,
        help_text=_("Register, managing directors, VAT number: what the law demands on business letters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    colour = forms.CharField(
        label=_("Colour of the company's name"),
        max_length=7,
        required=False,
        help_text=_("As #1c2430. It has to stand out from white paper."),
    )
    footer = forms.CharField(
        label=_("Columns at the foot"),
        max_length=1000,
        required=False,
        help_text=_(
            "At most three columns of six lines, parted by an empty line. Empty: address, phone and imprint. The bank details always stand beside them."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    smtp_host = Needed(label=_("Mail server"), max_length=253)
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("Security"), choices=SECURITIES)
    smtp_user = forms.CharField(
        label=_("User"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    smtp_password = forms.CharField(
        label=_("Password"),
        max_length=500,
        required=False,
        strip=False,
        help_text=_("Left empty, the stored one stays."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    dkim_selector = forms.CharField(
        label=_("DKIM selector"),
        max_length=63,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "By which your mails are signed; your mail provider names it. Empty: the usual ones are tried."
        ),
    )
    daily_bound = forms.IntegerField(
        label=_("At most … mails a day"),
        min_value=1,
        max_value=1_000_000,
        help_text=_("A safety bound: what is beyond it waits for the next day."),
    )
    only_allowed = forms.BooleanField(
        label=_("This is a test system: write only to allowed recipients"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @staticmethod
    def of(sender: Sender) -> SenderForm:
        """The form as the sender stands now; its password is never shown."""
        fields = (*LETTERHEAD, *SERVER, "version")
        return SenderForm(initial={name: getattr(sender, name) for name in fields if name != "smtp_password"})

    def changes(self) -> dict[str, Any]:
        """What shall be saved, line breaks as one sign."""
        given = {name: self.cleaned_data[name] for name in (*LETTERHEAD, *SERVER)}
        for field in ("imprint", "footer"):
            given[field] = given[field].replace("\r\n", "\n")
        if not given["smtp_password"]:
            del given["smtp_password"]
        return given


class RecipientForm(forms.Form):
    """An address, or a domain, that a test system may write to."""

    pattern = forms.CharField(
        label=_("Address or @domain"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class EmblemForm(forms.Form):
    """A logo or a signature, as a picture."""

    kind = forms.ChoiceField(choices=[("logo", "logo"), ("signature", "signature")], widget=forms.HiddenInput)
    picture = forms.FileField(
        label=_("PNG, JPEG or SVG, at most 2 MB"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/svg+xml"}),
    )
