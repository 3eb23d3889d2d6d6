"""Reads of messaging: senders and locks, texts, intents and deliveries."""

from debitora.messaging.queries.deliveries import (
    DeliveryFilters,
    DeliveryRow,
    attempts_of,
    deliveries_page,
    delivery_counts,
    intents_of_subjects,
    letters_to_print,
    touches,
    waiting_counts,
)
from debitora.messaging.queries.sender import (
    Missing,
    allowed_recipients,
    is_home,
    knows_any_installation,
    lock_in_force,
    missing_before_sending,
    sender_of,
)
from debitora.messaging.queries.texts import TextVersion, current_text, text_versions, texts_overview

__all__ = [
    "DeliveryFilters",
    "DeliveryRow",
    "Missing",
    "TextVersion",
    "allowed_recipients",
    "attempts_of",
    "current_text",
    "deliveries_page",
    "delivery_counts",
    "intents_of_subjects",
    "is_home",
    "knows_any_installation",
    "letters_to_print",
    "lock_in_force",
    "missing_before_sending",
    "sender_of",
    "text_versions",
    "texts_overview",
    "touches",
    "waiting_counts",
]
