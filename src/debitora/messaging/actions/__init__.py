"""What messaging does: keep texts and senders, queue intents, send them at most once, settle what is uncertain."""

from debitora.messaging.actions.intents import (
    IntentMoved,
    cancel_intents,
    mark_printed,
    queue_intent,
    settle,
)
from debitora.messaging.actions.locks import confirm_installation, lock_sending, unlock_sending
from debitora.messaging.actions.sender import allow_recipient, disallow_recipient, save_sender, test_server
from debitora.messaging.actions.sending import rescue_abandoned, send_due
from debitora.messaging.actions.texts import install_texts, save_text

__all__ = [
    "IntentMoved",
    "allow_recipient",
    "cancel_intents",
    "confirm_installation",
    "disallow_recipient",
    "install_texts",
    "lock_sending",
    "mark_printed",
    "queue_intent",
    "rescue_abandoned",
    "save_sender",
    "save_text",
    "send_due",
    "settle",
    "test_server",
    "unlock_sending",
]
