"""Copies of invoices: the files of one item, or many in a batch; and why one is removed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from debitora.formats.archives import DEFECTS, is_implausible
from debitora.receivables.actions.documents import NewDocument
from debitora.receivables.rules.documents import (
    MOST_BYTES,
    MOST_PAGES,
    MOST_PER_ITEM,
    DocumentFault,
    document_fault,
)

MOST_AT_ONCE: Final = 500
"""Files of a batch, those in archives included."""
MOST_OF_A_BATCH: Final = 200_000_000
"""Bytes of a batch, unpacked."""
_ARCHIVE: Final = b"PK\x03\x04"
_MB: Final = MOST_BYTES // 1_000_000

FAULTS: Final[Mapping[DocumentFault, Any]] = MappingProxyType(
    {
        DocumentFault.EMPTY: _("%(name)s is empty."),
        DocumentFault.TOO_LARGE: _(
            "%(name)s is too large: a copy may have %(mb)s MB at most. Scan it in grey or print it into a PDF again."
        ),
        DocumentFault.NO_PDF: _(
            "%(name)s is no PDF that can be read. Print it into a PDF; of an e-invoice take the PDF that belongs to it."
        ),
        DocumentFault.LOCKED: _(
            "%(name)s asks for a password, so the customer could not open it. Save it without one."
        ),
        DocumentFault.TOO_MANY_PAGES: _(
            "%(name)s has more than %(pages)s pages or too many parts. Take the invoice only."
        ),
        DocumentFault.PROGRAM: _(
            "%(name)s would run something when it is opened, and is not sent to customers. Print it into a PDF again."
        ),
    }
)


def fault_text(name: str, fault: DocumentFault) -> str:
    """What is wrong with a file, and what to do."""
    return str(FAULTS[fault]) % {"name": name, "mb": _MB, "pages": MOST_PAGES}


class FilesInput(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as they were chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files in their order."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class DocumentsForm(forms.Form):
    """PDFs of one item; `pdfs` cleans to what the action takes. Each file that cannot be kept is named with its remedy."""

    pdfs = FilesField(label=_("PDF files"), allow_empty_file=True, max_length=255)
    accepted = "application/pdf,.pdf"
    most = MOST_PER_ITEM

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pdfs"].widget.attrs["accept"] = self.accepted

    def clean_pdfs(self) -> list[NewDocument]:
        """Refuse what cannot be kept, all at once."""
        found = list(self.read(self.cleaned_data["pdfs"]))
        if len(found) > self.most:
            raise forms.ValidationError(gettext("Take at most %(most)s files at once.") % {"most": self.most})
        if not found:
            raise forms.ValidationError(gettext("There is no PDF in it."))
        faults = [(file.name, document_fault(file.data)) for file in found]
        wrong = [fault_text(name, fault) for name, fault in faults if fault]
        if wrong:
            raise forms.ValidationError(wrong[:20])
        return found

    def read(self, files: list[UploadedFile[Any]]) -> Iterator[NewDocument]:
        """The files; one that is larger than any copy may be is not read to its end."""
        for file in files:
            yield NewDocument(file.name or "", file.read(MOST_BYTES + 1))


class BatchForm(DocumentsForm):
    """PDFs of many items, or zip archives of them; what else lies in an archive is passed over."""

    accepted = "application/pdf,.pdf,application/zip,.zip"
    most = MOST_AT_ONCE

    def read(self, files: list[UploadedFile[Any]]) -> Iterator[NewDocument]:
        """The files, and the PDFs in archives under the last part of their names. Raises ValidationError."""
        left = MOST_OF_A_BATCH
        for file in files:
            for found in self._within(file):
                left -= len(found.data)
                if left < 0:
                    mb = MOST_OF_A_BATCH // 1_000_000
                    raise forms.ValidationError(
                        gettext("That is more than %(mb)s MB. Take fewer files at once.") % {"mb": mb}
                    )
                yield found

    def _within(self, file: UploadedFile[Any]) -> Iterator[NewDocument]:
        if file.read(4) != _ARCHIVE:
            file.seek(0)
            yield NewDocument(file.name or "", file.read(MOST_BYTES + 1))
            return
        file.seek(0)
        try:
            yield from _unpacked(file.read())
        except DEFECTS:
            raise forms.ValidationError(
                gettext("%(name)s is a damaged archive, or needs a password.") % {"name": file.name}
            ) from None


def _unpacked(data: bytes) -> Iterator[NewDocument]:
    """The PDFs of an archive, each read no further than a copy may be long. Raises what DEFECTS names."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [one for one in archive.infolist() if one.filename.lower().endswith(".pdf")]
        for member in members[: MOST_AT_ONCE + 1]:
            if is_implausible(member):
                raise ValueError(member.filename)
            with archive.open(member) as stream:
                yield NewDocument(member.filename.rpartition("/")[2], stream.read(MOST_BYTES + 1))


class RemovalForm(forms.Form):
    """Why a document is removed from its item."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
