"""Django's entry for the room dunning."""

from django.apps import AppConfig


class DunningConfig(AppConfig):
    """The room dunning."""

    name = "debitora.dunning"
    label = "dunning"
