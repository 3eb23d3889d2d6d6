"""Actions of cash: take a bank's file and say what it may leave open; book what its lines are, and take that back."""

from debitora.cash.actions.accounts import AccountConfirmed, AccountElsewhere, confirm_account, rename_account
from debitora.cash.actions.applying import NotHeldForThis, accept_gap, accept_retold, answer_doubt
from debitora.cash.actions.booking import (
    Decision,
    EntryMovedOn,
    MoreThanIsOpen,
    NoteMissing,
    ReasonUnknown,
    WriteOffTooLarge,
    book,
    book_all,
    book_decision,
    ignore,
)
from debitora.cash.actions.files import Taken, take_file
from debitora.cash.actions.learning import (
    AsideUnknown,
    PayerUnknown,
    decide_policy,
    forget_aside,
    forget_habits,
    forget_payer,
    forget_tallies,
)
from debitora.cash.actions.matching import Matched, ProposalGone, match, take_proposal
from debitora.cash.actions.undoing import (
    AlreadyTakenBack,
    BookingUnknown,
    NoPaymentOfOurs,
    book_refund,
    book_return,
    take_back,
)
from debitora.cash.actions.watching import take_arrived_files
from debitora.cash.rules.spreading import Part, Share, SharesDoNotFit

__all__ = [
    "AccountConfirmed",
    "AccountElsewhere",
    "AlreadyTakenBack",
    "AsideUnknown",
    "BookingUnknown",
    "Decision",
    "EntryMovedOn",
    "Matched",
    "MoreThanIsOpen",
    "NoPaymentOfOurs",
    "NotHeldForThis",
    "NoteMissing",
    "Part",
    "PayerUnknown",
    "ProposalGone",
    "ReasonUnknown",
    "Share",
    "SharesDoNotFit",
    "Taken",
    "WriteOffTooLarge",
    "accept_gap",
    "accept_retold",
    "answer_doubt",
    "book",
    "book_all",
    "book_decision",
    "book_refund",
    "book_return",
    "confirm_account",
    "decide_policy",
    "forget_aside",
    "forget_habits",
    "forget_payer",
    "forget_tallies",
    "ignore",
    "match",
    "rename_account",
    "take_arrived_files",
    "take_back",
    "take_file",
    "take_proposal",
]
