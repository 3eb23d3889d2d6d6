"""The nouns of the sub-ledger, split by what they are about."""

from debitora.receivables.models.agreements import Agreement, AgreementChange
from debitora.receivables.models.claims import Claim, ClaimEntry
from debitora.receivables.models.contacts import Contact, ItemContact
from debitora.receivables.models.customers import Customer, Party
from debitora.receivables.models.documents import (
    DocumentBatch,
    DocumentBatchFile,
    ItemDocument,
    ItemDocumentChange,
)
from debitora.receivables.models.holds import Hold, HoldRelease
from debitora.receivables.models.items import Item, ItemGroup, ItemState, LevelEvent, ListMark, Terms
from debitora.receivables.models.movements import Allocation, Entry
from debitora.receivables.models.notes import Note, NoteChange, NoteFile
from debitora.receivables.models.sums import OpenSum
from debitora.receivables.models.write_offs import WriteOff, WriteOffLimit, WriteOffStep

__all__ = [
    "Agreement",
    "AgreementChange",
    "Allocation",
    "Claim",
    "ClaimEntry",
    "Contact",
    "Customer",
    "DocumentBatch",
    "DocumentBatchFile",
    "Entry",
    "Hold",
    "HoldRelease",
    "Item",
    "ItemContact",
    "ItemDocument",
    "ItemDocumentChange",
    "ItemGroup",
    "ItemState",
    "LevelEvent",
    "ListMark",
    "Note",
    "NoteChange",
    "NoteFile",
    "OpenSum",
    "Party",
    "Terms",
    "WriteOff",
    "WriteOffLimit",
    "WriteOffStep",
]
