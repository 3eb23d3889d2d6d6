"""A strategy as a file: chosen from the disk or pasted, shown before it is kept."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_BYTES: Final = 256 * 1024


class StrategyFileForm(forms.Form):
    """`text` is what the file says, or what was pasted; a file goes before a text. `version`: the newest that was looked at."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        max_length=255,
        help_text=gettext_lazy("As Debitora writes it (YAML)."),
    )
    text = forms.CharField(
        label=gettext_lazy("What it says"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "mono"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """One of both is there, not too large and in UTF-8."""
        known = super().clean() or self.cleaned_data
        file = known.get("file")
        if file is not None:
            known["text"] = self._said(file)
        elif not known.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste what it says."))
        return known

    def _said(self, file: Any) -> str:
        if file.size > MOST_BYTES:
            self.add_error("file", ValidationError(_("This file is too large for a strategy.")))
            return ""
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", ValidationError(_("This file is no text in UTF-8.")))
            return ""
