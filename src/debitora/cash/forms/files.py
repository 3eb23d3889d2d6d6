"""What people say about bank files: the files, what an account is called, and why money may be missing."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST_FILES: Final = 50
"""So many files are taken at once."""
ACCEPTED: Final = ".xml,.sta,.mt940,.940,.942,.txt,.csv,.xlsx,.ofx,.qfx,.cod,.coda,.afb,.c43,.n43"
"""What a browser offers first. A file is known by what it holds, whatever it is called."""


class FilesInput(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty one is taken, too, to be refused by name."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files in the order in which they were chosen."""
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                gettext("Take at most %(most)s files at once.") % {"most": MOST_FILES}
            )
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class TakingForm(forms.Form):
    """Files that a bank handed out."""

    file = FilesField(label=_("Bank files"), allow_empty_file=True, max_length=255)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean_file(self) -> list[UploadedFile[Any]]:
        """Refuse what is too long for a browser."""
        files: list[UploadedFile[Any]] = self.cleaned_data["file"]
        for file in files:
            if (file.size or 0) > settings.MAX_UPLOAD_MB * 1024 * 1024:
                raise forms.ValidationError(
                    gettext(
                        "%(name)s is too large: at most %(most)s MB can be uploaded. Take it by the command line: debitora import statements."
                    )
                    % {"name": file.name, "most": settings.MAX_UPLOAD_MB}
                )
        return files


class NameForm(forms.Form):
    """What people call an account."""

    name = forms.CharField(label=_("Name"), max_length=80)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class GapForm(forms.Form):
    """Why a statement may be applied although money is missing. missing: the minor units that the person saw."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
    missing = forms.IntegerField()
