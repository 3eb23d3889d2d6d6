"""Actions of cash: take a bank's file, confirm an account, answer a doubt, accept a gap."""

from debitora.cash.actions.accounts import AccountConfirmed, confirm_account, rename_account
from debitora.cash.actions.applying import NotHeldForThis, accept_gap, answer_doubt
from debitora.cash.actions.files import Taken, take_file

__all__ = [
    "AccountConfirmed",
    "NotHeldForThis",
    "Taken",
    "accept_gap",
    "answer_doubt",
    "confirm_account",
    "rename_account",
    "take_file",
]
