"""Django's entry for the room cash."""

from django.apps import AppConfig


class CashConfig(AppConfig):
    """The room cash."""

    name = "debitora.cash"
    label = "cash"
