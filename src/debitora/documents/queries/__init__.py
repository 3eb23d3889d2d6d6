"""Reads of documents: what is stored, and what could not be read of a file, in words."""

from debitora.documents.queries.stored import (
    faults_of,
    first_faults,
    read_bytes,
    remembered_mapping,
    source_names,
    sources,
)
from debitora.documents.queries.wording import fault_advice, fault_text

__all__ = [
    "fault_advice",
    "fault_text",
    "faults_of",
    "first_faults",
    "read_bytes",
    "remembered_mapping",
    "source_names",
    "sources",
]
