"""A note on a customer as it is typed: its text with mentions, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from debitora.receivables.actions.documents import NewDocument
from debitora.receivables.forms.documents import FilesField
from debitora.receivables.rules.documents import MOST_BYTES
from debitora.receivables.rules.notes import (
    LONGEST_NOTE,
    MOST_FILES,
    MOST_MENTIONS,
    NoteFault,
    file_fault,
    mentions_in,
)

_FAULTS: Final[Mapping[NoteFault, Any]] = {
    NoteFault.EMPTY: _("%(name)s is empty."),
    NoteFault.TOO_LARGE: _("%(name)s is too large: a file may have %(mb)s MB at most."),
    NoteFault.NO_PDF_OR_PICTURE: _(
        "%(name)s is neither a PDF that can be read nor a picture (PNG, JPEG). Print it into a PDF."
    ),
}


class NoteForm(forms.Form):
    """`logins`: who may be told of the note, by login in lower case. Cleans to `text`, `mentions` (users' ids) and `enclosed`."""

    text = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("@ and the login of a colleague tells her of it."),
    )
    enclosed = FilesField(label=_("Files"), required=False, allow_empty_file=True, max_length=255)

    def __init__(self, *args: Any, logins: Mapping[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self._logins = logins
        self.mentions: tuple[int, ...] = ()
        self.fields["enclosed"].widget.attrs["accept"] = "application/pdf,image/png,image/jpeg"

    def clean_text(self) -> str:
        """Whom it mentions must be somebody who may see the customer: nobody shall believe that she was told."""
        text = str(self.cleaned_data["text"])
        found = mentions_in(text, self._logins)
        if found.unknown:
            named = ", ".join(f"@{one}" for one in found.unknown[:5])
            raise forms.ValidationError(
                gettext("Nobody who may see this customer has the login %(names)s. Known are: %(known)s.")
                % {"names": named, "known": ", ".join(sorted(self._logins)[:12])}
            )
        if len(found.users) > MOST_MENTIONS:
            raise forms.ValidationError(gettext("Mention at most %(most)s people.") % {"most": MOST_MENTIONS})
        self.mentions = found.users
        return text

    def clean_enclosed(self) -> list[NewDocument]:
        """Refuse what cannot be kept, all at once; none is read further than a file may be long."""
        given: list[UploadedFile[Any]] = [one for one in self.cleaned_data["enclosed"] if one]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                ngettext("At most %(most)s file.", "At most %(most)s files.", MOST_FILES)
                % {"most": MOST_FILES}
            )
        found = [NewDocument(one.name or "", one.read(MOST_BYTES + 1)) for one in given]
        faults = [(one.name, file_fault(one.data)) for one in found]
        wrong = [
            str(_FAULTS[fault]) % {"name": name, "mb": MOST_BYTES // 1_000_000}
            for name, fault in faults
            if fault
        ]
        if wrong:
            raise forms.ValidationError(wrong)
        return found
