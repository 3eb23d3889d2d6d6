"""Django's entry for the room disputes."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """The room disputes."""

    name = "debitora.disputes"
    label = "disputes"
