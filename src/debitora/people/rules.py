"""Who may do what: roles are fixed words, permissions are fixed words, and the table below joins them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode

CLERK, MANAGER, SALES, AUDITOR = "clerk", "manager", "sales", "auditor"
ROLES: Final = (CLERK, MANAGER, SALES, AUDITOR)

_ALL = frozenset(ROLES)
_FINANCE = frozenset({CLERK, MANAGER})
_OFFICE = frozenset({CLERK, MANAGER, AUDITOR})
_HEAD = frozenset({MANAGER, AUDITOR})

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "home.view": _ALL,
    "views.keep": _ALL,
    "items.view": _ALL,
    "items.allocate": _FINANCE,
    "customers.view": _ALL,
    "customers.edit": _FINANCE,
    "holds.place": _FINANCE,
    "notes.write": frozenset({CLERK, MANAGER, SALES}),
    "absences.enter": frozenset({CLERK, MANAGER, SALES}),
    "claims.waive": _FINANCE,
    "write_offs.view": _OFFICE,
    "write_offs.propose": _FINANCE,
    "write_offs.approve": frozenset({MANAGER}),
    "documents.keep": _FINANCE,
    "cases.view": _ALL,
    "cases.clarify": _FINANCE,
    "cases.answer": frozenset({CLERK, MANAGER, SALES}),
    "imports.view": _OFFICE,
    "imports.run": _FINANCE,
    "statements.view": _OFFICE,
    "statements.take": _FINANCE,
    "payments.book": _FINANCE,
    "runs.view": _OFFICE,
    "runs.start": _FINANCE,
    "runs.approve": frozenset({MANAGER}),
    "notices.view": _ALL,
    "notices.answer": frozenset({CLERK, MANAGER, SALES}),
    "deliveries.view": _OFFICE,
    "deliveries.settle": _FINANCE,
    "statements.send": _FINANCE,
    "segments.view": _OFFICE,
    "segments.write": _FINANCE,
    "sending.lock": _FINANCE,
    "settings.view": _HEAD,
    "settings.edit": frozenset({MANAGER}),
    "people.edit": frozenset({MANAGER}),
    "trail.view": _HEAD,
}
"""Permission -> roles that have it. A salesperson sees only her own customers, whatever the permission."""


LISTS: Final[dict[str, str]] = {
    "items": "items.view",
    "customers": "customers.view",
    "deliveries": "deliveries.view",
    "segments": "segments.view",
    "receivers": "segments.view",
    "statements": "statements.view",
    "files": "statements.view",
    "lines": "statements.view",
    "differences": "statements.view",
    "runs": "runs.view",
    "notices": "runs.view",
    "calls": "notices.view",
    "sales": "notices.view",
    "pauses": "runs.view",
    "limitation": "items.view",
    "write_offs": "write_offs.view",
    "cases": "cases.view",
    "inbox": "cases.clarify",
    "records": "trail.view",
}
"""The lists whose views can be kept under a name -> the permission to see the list. `notices`: those of any run,
`receivers`: those of any message to many."""

NEWS: Final[dict[str, str]] = {
    "import.applied": "imports.run",
    "run.proposed": "runs.approve",
    "run.approved": "runs.start",
    "write_off.proposed": "write_offs.approve",
    "delivery.refused_perm": "deliveries.settle",
    "delivery.returned": "deliveries.settle",
    "delivery.uncertain": "deliveries.settle",
    "delivery.stopped": "deliveries.settle",
}
"""Verbs of the trail that people are told of -> the permission for what has to be done about it.

Without it a person is told of what she did herself.
"""


MENTIONS: Final = ("note.written", "absence.entered")
"""Verbs of the trail whose record names the people who are told of it, as subjects of the kind "user"."""


def told_of(role: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verbs that a role is told of whoever acted, and those of which a person is told only when she acted."""
    all_ = tuple(verb for verb, permission in NEWS.items() if role in PERMISSIONS[permission])
    return all_, tuple(verb for verb in NEWS if verb not in all_)


LONGEST_QUERY: Final = 2000
_NO_PART_OF_A_VIEW: Final = frozenset({"after", "before", "view"})


class ViewTooLong(Exception):
    """The query string of the view is longer than LONGEST_QUERY."""


def kept_query(query: str) -> str:
    """What of a query string makes a view: filters, order and columns, but not the place in the list. Raises ViewTooLong."""
    pairs = parse_qsl(query.lstrip("?"), max_num_fields=200) if len(query) <= 2 * LONGEST_QUERY else None
    kept = None if pairs is None else urlencode([pair for pair in pairs if pair[0] not in _NO_PART_OF_A_VIEW])
    if kept is None or len(kept) > LONGEST_QUERY:
        raise ViewTooLong(len(query))
    return kept.replace("%00", "")


class UnknownPermission(Exception):
    """The word stands in no table of permissions."""


class UnknownRole(Exception):
    """No such role."""


def may(role: str, permission: str) -> bool:
    """Whether the role has the permission. Raises UnknownPermission, so that a misspelt word never grants or hides."""
    if permission not in PERMISSIONS:
        raise UnknownPermission(permission)
    return role in PERMISSIONS[permission]


def sees_only_own_customers(role: str) -> bool:
    """Whether the role's view is narrowed to the customers whose salesperson she is."""
    return role == SALES


def roles_named(text: str) -> frozenset[str]:
    """The roles in a list with commas, as settings name them. Raises UnknownRole, so that no policy is lost to a typo."""
    named = frozenset(word.strip() for word in text.split(",") if word.strip())
    for role in sorted(named - set(ROLES)):
        raise UnknownRole(role)
    return named


_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""Marks in a user agent -> what people call it. The order matters: most browsers claim to be those after them."""


def browser_named(user_agent: str) -> tuple[str, str]:
    """Browser and system as people call them; "" for what nobody knows. A claim of the client, good for telling apart."""
    return _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in known if mark in text), "")


_MENTION: Final = re.compile(r"(?<![\w@.+-])@(\w[\w.+-]*)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named by @login in a text: the login as written, and where the mention begins and ends."""

    login: str
    begins: int
    ends: int


def mentions(text: str, logins: Container[str]) -> Iterator[Mention]:
    """Everybody whom a text mentions, in its order; `logins` are those that are known, in lower case.

    A dot or dash at the end belongs to the sentence unless a known login has it; an @ inside a word, as in a mail address,
    mentions nobody.
    """
    for found in _MENTION.finditer(text):
        word = found[1]
        login = word if word.lower() in logins else word.rstrip(".-+")
        yield Mention(login, found.start(), found.start() + 1 + len(login))


def named_in(text: str, names: Mapping[str, str]) -> str:
    """A text with the names of the people whom it mentions by @login in place of their logins; names: by login."""
    known = {login.lower(): name for login, name in names.items()}
    said, at = "", 0
    for found in mentions(text, known):
        if name := known.get(found.login.lower()):
            said, at = f"{said}{text[at : found.begins]}@{name}", found.ends
    return said + text[at:]


def may_stand_in(role: str, *, for_role: str) -> bool:
    """Whether somebody with the role can answer for one with `for_role`: she answers cases, and sees no less."""
    return may(role, "cases.answer") and (
        not sees_only_own_customers(role) or sees_only_own_customers(for_role)
    )


def answering(user: int, away: Mapping[int, int]) -> int:
    """Who answers for a person on a day: herself, or her stand-in, or that one's; `away`: who is away -> stand-in.

    Where that leads back to somebody who is away already, nobody stands in: she answers herself.
    """
    now, met = user, {user}
    while now in away:
        now = away[now]
        if now in met:
            return user
        met.add(now)
    return now


def stood_for(user: int, away: Mapping[int, int]) -> tuple[int, ...]:
    """Everybody for whom a person answers beside herself, by id."""
    return tuple(sorted(one for one in away if one != user and answering(one, away) == user))


def stand_ins(names: Mapping[int, str], away: Mapping[int, int]) -> dict[int, str]:
    """Everybody for whom somebody else answers -> what that one is called."""
    found = {user: answering(user, away) for user in away}
    return {user: names.get(other, "") for user, other in found.items() if other != user}


def looked_after_by(user: int | None, away: Mapping[int, int]) -> frozenset[int]:
    """Who of those who see only their own customers sees the customers of a person: she, and who answers for her."""
    return frozenset() if user is None else frozenset({user, answering(user, away)})


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as rules look at it: from a day on, until a day or until further notice."""

    user: int
    stand_in: int
    from_on: date
    until_on: date | None

    def meets(self, other: Away) -> bool:
        """Whether the two share a day."""
        return self.from_on <= (other.until_on or date.max) and other.from_on <= (self.until_on or date.max)

    def covers(self, on: date) -> bool:
        """Whether the person is away on the day."""
        return self.from_on <= on <= (self.until_on or date.max)


def circle_on(new: Away, others: Sequence[Away]) -> date | None:
    """The first day on which the new absence would leave nobody who answers, because it goes round in a circle; None if none.

    Who stands in changes only where an absence begins, so only those days are looked at.
    """
    known = [new, *(one for one in others if one.meets(new))]
    for day in sorted({max(one.from_on, new.from_on) for one in known}):
        away = {one.user: one.stand_in for one in known if one.covers(day)}
        if answering(new.user, away) == new.user:
            return day
    return None
