"""Django's entry for the room trail."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """The room trail."""

    name = "debitora.trail"
    label = "trail"
