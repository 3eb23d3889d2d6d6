"""What messaging does: keep texts and senders, queue intents, send them at most once, settle what is uncertain."""

from debitora.messaging.actions.accounts import (
    NeedsAnotherPerson,
    NoOpenChange,
    RoleIsNewer,
    TooEarly,
    confirm_account,
    withdraw_account,
)
from debitora.messaging.actions.calls import CallUndone, log_call, undo_call
from debitora.messaging.actions.claims import rescue_abandoned
from debitora.messaging.actions.intents import IntentMoved, cancel_intents, queue_intent
from debitora.messaging.actions.locks import (
    SendingLockedAlready,
    SendingNotLocked,
    confirm_installation,
    lock_sending,
    unlock_sending,
)
from debitora.messaging.actions.piles import (
    NothingWaits,
    PileCounted,
    PileNotPosted,
    PilePosted,
    make_pile,
    post_pile,
    take_pile_back,
)
from debitora.messaging.actions.restoring import Replayed, confirm_restored
from debitora.messaging.actions.sender import (
    NotAnAddress,
    NotAnIban,
    NotAPattern,
    PasswordLost,
    SenderChangedMeanwhile,
    SenderRefused,
    allow_recipient,
    disallow_recipient,
    save_sender,
    try_server,
)
from debitora.messaging.actions.sending import send_due
from debitora.messaging.actions.settling import (
    Handed,
    SendingIsLocked,
    adopt_journal,
    cancel_delivery,
    mark_printed,
    settle,
)
from debitora.messaging.actions.texts import TextChangedMeanwhile, TextHasFaults, install_texts, save_text

__all__ = [
    "CallUndone",
    "Handed",
    "IntentMoved",
    "NeedsAnotherPerson",
    "NoOpenChange",
    "NotAPattern",
    "NotAnAddress",
    "NotAnIban",
    "NothingWaits",
    "PasswordLost",
    "PileCounted",
    "PileNotPosted",
    "PilePosted",
    "Replayed",
    "RoleIsNewer",
    "SenderChangedMeanwhile",
    "SenderRefused",
    "SendingIsLocked",
    "SendingLockedAlready",
    "SendingNotLocked",
    "TextChangedMeanwhile",
    "TextHasFaults",
    "TooEarly",
    "adopt_journal",
    "allow_recipient",
    "cancel_delivery",
    "cancel_intents",
    "confirm_account",
    "confirm_installation",
    "confirm_restored",
    "disallow_recipient",
    "install_texts",
    "lock_sending",
    "log_call",
    "make_pile",
    "mark_printed",
    "post_pile",
    "queue_intent",
    "rescue_abandoned",
    "save_sender",
    "save_text",
    "send_due",
    "settle",
    "take_pile_back",
    "try_server",
    "undo_call",
    "unlock_sending",
    "withdraw_account",
]
