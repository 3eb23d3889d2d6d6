"""Reads of the ledger: frozen rows for lists, frames for the engine, standings for the edge."""

from debitora.receivables.queries.edge import CustomerUnknown, ItemCondition, Standing, conditions
from debitora.receivables.queries.frames import DunningFrames, dunning_frames, known_items

__all__ = [
    "CustomerUnknown",
    "DunningFrames",
    "ItemCondition",
    "Standing",
    "conditions",
    "dunning_frames",
    "known_items",
]
