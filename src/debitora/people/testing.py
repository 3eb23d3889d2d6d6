"""Builders for tests: people who are signed in."""

from __future__ import annotations

from typing import Final

from django.test import Client

from debitora.people.models import User

FAR: Final = 2.0**40
"""A moment that no test reaches, in seconds since 1970."""
_BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User, *, confirmed: float = FAR, language: str = "en") -> Client:
    """A client of a person who has just signed in and whose session does not age, however the clock is moved.

    `confirmed` is when she last showed who she is, in seconds since 1970.
    """
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend=_BACKEND)
    session = client.session
    session.update({"began": FAR, "seen": FAR, "confirmed": confirmed})
    session.save()
    return client
