"""How a source's files are read is remembered, as soon as one of them turned out to be read well."""

from __future__ import annotations

from datetime import datetime

from debitora.documents.actions import remember_mapping
from debitora.documents.queries import remembered_mapping
from debitora.exchange.models import ListImport
from debitora.exchange.rules.guards import Codes
from debitora.trail.rules import Actor


def remember_reading(taken: ListImport, *, by: Actor, at: datetime) -> None:
    """This will read the next file of the import's source alike, and not ask about its company codes again.

    What is remembered already is not written anew.
    """
    answer = Codes.from_dict(taken.result.get("answer"))
    mapping = {**taken.mapping, **({"company_codes": answer.as_dict()} if answer.taken else {})}
    if mapping != remembered_mapping(source=taken.source):
        remember_mapping(company=taken.company_id, source=taken.source, mapping=mapping, by=by, at=at)
