"""Gates of exchange: an import of another company is as unknown as one that never was."""

from __future__ import annotations

from django.http import Http404

from debitora.exchange.models import ListImport
from debitora.exchange.queries import import_of


def list_import(*, list_import: int) -> ListImport:
    """The import with its source and file. Raises Http404."""
    found = import_of(list_import=list_import)
    if found is None:
        raise Http404
    return found
