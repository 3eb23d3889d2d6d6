"""Django's entry for the room desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room desk."""

    name = "debitora.desk"
    label = "desk"
