"""Django's entry for the room people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room of companies, users and grants."""

    name = "debitora.people"
    label = "people"
