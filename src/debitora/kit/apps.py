"""Django's entry for the kit."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The kit's tables: none; its first migration makes the function behind every refusal."""

    name = "debitora.kit"
    label = "kit"
