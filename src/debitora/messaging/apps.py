"""Django's entry for the room messaging."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The room messaging."""

    name = "debitora.messaging"
    label = "messaging"
