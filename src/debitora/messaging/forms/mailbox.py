"""The mailbox that is fetched, typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from debitora.messaging.models import ImapMailbox

SECURITIES = (
    ("tls", _("TLS from the start (usual, port 993)")),
    ("starttls", _("STARTTLS (port 143)")),
    ("none", _("None: only for a server on this machine")),
)
FAILURES = {
    "unreachable": _("it cannot be reached under this name and port"),
    "timeout": _("it did not answer in time"),
    "cut": _("it closed the connection"),
    "insecure": _("a secure connection is not possible, or its certificate does not fit"),
    "no_login": _("it does not take this user and password"),
    "no_folder": _("it has no such folder"),
    "refused": _("it refuses"),
}
"""Why a mailbox could not be read."""
_NAMES = ("host", "port", "security", "user", "folder", "done_folder")


class MailboxForm(forms.Form):
    """Where the mailbox is. A password left empty stays as it was; without a server nothing is fetched."""

    use_required_attribute = False

    host = forms.CharField(
        label=_("Mail server (IMAP)"),
        max_length=253,
        required=False,
        help_text=_("Empty: no mailbox is read."),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Security"), choices=SECURITIES)
    user = forms.CharField(
        label=_("User"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Password"), max_length=500, required=False, strip=False,
        help_text=_("Left empty, the stored one stays."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    folder = forms.CharField(label=_("Folder"), max_length=100)
    done_folder = forms.CharField(
        label=_("Move what was taken to"), max_length=100, required=False,
        help_text=_("A folder that exists. Empty: what was taken stays, marked as read."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @staticmethod
    def of(box: ImapMailbox | None) -> MailboxForm:
        """The form as the mailbox stands now; its password is never shown."""
        if box is None:
            return MailboxForm(initial={"port": 993, "security": "tls", "folder": "INBOX", "version": 0})
        return MailboxForm(initial={name: getattr(box, name) for name in (*_NAMES, "version")})

    def clean_folder(self) -> str:
        """A name that every server understands."""
        return self._plain("folder")

    def clean_done_folder(self) -> str:
        """The same, or nothing."""
        return self._plain("done_folder")

    def changes(self) -> dict[str, Any]:
        """What shall be saved."""
        given = {name: self.cleaned_data[name] for name in _NAMES}
        return (
            {**given, "password": self.cleaned_data["password"]} if self.cleaned_data["password"] else given
        )

    def _plain(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if not text.isascii() or not (text.isprintable()):
            raise ValidationError(_("Only plain letters, digits and signs."))
        return text
