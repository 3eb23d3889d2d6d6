"""What exchange does: take lists, preview, apply and undo them."""

from debitora.exchange.actions.lists import (
    ImportHeld,
    ImportMoved,
    NotTheNewest,
    Preview,
    apply_taken,
    confirm_list,
    correct_mapping,
    discard_import,
    fail_import,
    newest_applied,
    preview_list,
    take_list,
    undo_import,
)

__all__ = [
    "ImportHeld",
    "ImportMoved",
    "NotTheNewest",
    "Preview",
    "apply_taken",
    "confirm_list",
    "correct_mapping",
    "discard_import",
    "fail_import",
    "newest_applied",
    "preview_list",
    "take_list",
    "undo_import",
]
