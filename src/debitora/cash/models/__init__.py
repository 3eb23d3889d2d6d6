"""The nouns of cash: what banks told, and what became of it."""

from debitora.cash.models.bookings import (
    IGNORED_FOR,
    BookedPart,
    Booking,
    EntryState,
)
from debitora.cash.models.learning import Aside, Habit, MatchPolicy, Payer, Proposal, Tally
from debitora.cash.models.statements import (
    FILE_STATES,
    HELD_FOR,
    STATEMENT_STATES,
    WEIGHTS,
    BankAccount,
    BankEntry,
    BankFile,
    Doubt,
    EntryWords,
    Gap,
    Statement,
    Telling,
)

__all__ = [
    "FILE_STATES",
    "HELD_FOR",
    "IGNORED_FOR",
    "STATEMENT_STATES",
    "WEIGHTS",
    "Aside",
    "BankAccount",
    "BankEntry",
    "BankFile",
    "BookedPart",
    "Booking",
    "Doubt",
    "EntryState",
    "EntryWords",
    "Gap",
    "Habit",
    "MatchPolicy",
    "Payer",
    "Proposal",
    "Statement",
    "Tally",
    "Telling",
]
