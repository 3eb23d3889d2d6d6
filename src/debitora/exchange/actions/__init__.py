"""What exchange does: take lists, read them otherwise, preview, apply and undo them."""

from debitora.exchange.actions.applying import apply_taken, fail_import
from debitora.exchange.actions.locks import ImportMoved
from debitora.exchange.actions.previewing import ImportHeld, Preview, confirm_list, preview_list
from debitora.exchange.actions.reading import Opened, open_list
from debitora.exchange.actions.taking import correct_mapping, discard_import, resume_import, take_list
from debitora.exchange.actions.undoing import CustomersStay, NotTheNewest, undo_import
from debitora.exchange.actions.watching import Arrived, arrived, take_arrived

__all__ = [
    "Arrived",
    "CustomersStay",
    "ImportHeld",
    "ImportMoved",
    "NotTheNewest",
    "Opened",
    "Preview",
    "apply_taken",
    "arrived",
    "confirm_list",
    "correct_mapping",
    "discard_import",
    "fail_import",
    "open_list",
    "preview_list",
    "resume_import",
    "take_arrived",
    "take_list",
    "undo_import",
]
