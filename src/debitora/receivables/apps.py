"""Django's entry for the room receivables."""

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """The room receivables."""

    name = "debitora.receivables"
    label = "receivables"
