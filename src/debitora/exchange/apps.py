"""Django's entry for the room exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The room exchange."""

    name = "debitora.exchange"
    label = "exchange"
