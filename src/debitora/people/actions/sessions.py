"""Remember where a person is signed in, sign her out, and drop what she shows beside her password."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from debitora.people.models import User

MOST_SESSIONS = 10
"""So many browsers stay signed in as one person; one more ends the one that was longest unseen."""


def note_presence(*, user: User, session_key: str, address: str, browser: str, at: datetime) -> None:
    """Remember that the person was here with this browser; end what is more than MOST_SESSIONS."""
    UserSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "ip": address, "user_agent": browser[:200], "last_seen_at": at},
    )
    for surplus in UserSession.objects.filter(user=user).order_by("-last_seen_at", "-id")[MOST_SESSIONS:]:
        surplus.end()


def drop_factors(*, user: User) -> int:
    """Remove everything a person shows beside her password, recovery codes too; how many there were."""
    removed, _each = Authenticator.objects.filter(user=user).delete()
    return int(removed)


def end_session(*, user: User, session: int) -> bool:
    """Sign one of the person's browsers out; whether there was such a one."""
    found = UserSession.objects.filter(user=user, id=session).first()
    if found is not None:
        found.end()
    return found is not None


def end_other_sessions(*, user: User, current: str) -> int:
    """Sign all of the person's browsers out but the one with this key; how many there were."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=current))
    for other in others:
        other.end()
    return len(others)
