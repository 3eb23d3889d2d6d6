"""Django's entry for the room documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The room documents."""

    name = "debitora.documents"
    label = "documents"
