"""Uploaded files on their way: on disk from the first byte, under a name of ours."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class UnnamedOnDisk(TemporaryFileUploadHandler):
    """As Django's, but what the file was called stays out of the name on disk: its ending may be longer than a name can be."""

    def new_file(self, *told: Any, **more: Any) -> None:
        """Begin a file."""
        FileUploadHandler.new_file(self, *told, **more)
        self.file = TemporaryUploadedFile(
            "upload", self.content_type, 0, self.charset, self.content_type_extra
        )
        self.file.name = self.file_name
