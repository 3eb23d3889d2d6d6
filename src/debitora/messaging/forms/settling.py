"""What a person says about a message, and about sending as a whole."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

FINDINGS = (
    ("sent", _("It arrived: the customer, or the log of the mail server, says so")),
    ("resend", _("It did not arrive: send the same mail again, under the same Message-ID")),
    ("dropped", _("Leave it: nothing more shall go out")),
)


class SettleForm(forms.Form):
    """What became of an uncertain message, and how one knows."""

    finding = forms.ChoiceField(label=_("What became of it?"), choices=FINDINGS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("How do you know?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CancelForm(forms.Form):
    """Why a message is taken back."""

    reason = forms.CharField(max_length=500)


class LockForm(forms.Form):
    """Why all sending stops."""

    note = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
