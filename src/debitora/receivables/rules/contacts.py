"""The rungs of a customer's house on which one may write to her, from accounts payable upwards."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

ROLES: Final = ("payables", "management", "signer")
"""Accounts payable, management, and who signed the contract: each above the one before."""
INVOICES: Final = "invoices"
"""Beside them: whom invoices name as the customer's contact (EN 16931, BT-56 to BT-58). A customer may have many."""


def rung(wanted: str, known: Container[str]) -> str:
    """The role to write to: the wanted one, else the next above that is known; empty: the customer herself.

    Nothing wanted, or a word that is no role, is the customer herself.
    """
    if wanted not in ROLES:
        return ""
    return next((role for role in ROLES[ROLES.index(wanted) :] if role in known), "")
