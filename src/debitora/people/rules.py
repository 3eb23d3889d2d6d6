"""Who may do what: roles are fixed words, permissions are fixed words, and the table below joins them."""

from __future__ import annotations

from typing import Final

CLERK, MANAGER, SALES, AUDITOR = "clerk", "manager", "sales", "auditor"
ROLES: Final = (CLERK, MANAGER, SALES, AUDITOR)

_ALL = frozenset(ROLES)
_FINANCE = frozenset({CLERK, MANAGER})
_OFFICE = frozenset({CLERK, MANAGER, AUDITOR})
_HEAD = frozenset({MANAGER, AUDITOR})

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "home.view": _ALL,
    "items.view": _ALL,
    "items.allocate": _FINANCE,
    "customers.view": _ALL,
    "customers.edit": _FINANCE,
    "holds.place": _FINANCE,
    "imports.view": _OFFICE,
    "imports.run": _FINANCE,
    "runs.view": _OFFICE,
    "runs.start": _FINANCE,
    "runs.approve": frozenset({MANAGER}),
    "notices.view": _ALL,
    "deliveries.view": _OFFICE,
    "deliveries.settle": _FINANCE,
    "sending.lock": _FINANCE,
    "settings.view": _HEAD,
    "settings.edit": frozenset({MANAGER}),
    "people.edit": frozenset({MANAGER}),
    "trail.view": _HEAD,
}
"""Permission -> roles that have it. A salesperson sees only her own customers, whatever the permission."""


class UnknownPermission(Exception):
    """The word stands in no table of permissions."""


def may(role: str, permission: str) -> bool:
    """Whether the role has the permission. Raises UnknownPermission, so that a misspelt word never grants or hides."""
    if permission not in PERMISSIONS:
        raise UnknownPermission(permission)
    return role in PERMISSIONS[permission]


def sees_only_own_customers(role: str) -> bool:
    """Whether the role's view is narrowed to the customers whose salesperson she is."""
    return role == SALES
