"""Documents of items: what lies there, and where the files of a batch belong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from debitora.documents.models import Blob
from debitora.kit.pg.bulk import rows
from debitora.receivables.models import DocumentBatchFile
from debitora.receivables.rules.documents import belongs_to, numbers_in

_THERE: Final = """not exists (
        select from receivables_itemdocumentchange c
        where c.company_id = d.company_id and c.document_id = d.id and c.kind = 'removed'
          and not exists (select from receivables_itemdocumentchange later
              where later.company_id = c.company_id and later.document_id = c.document_id and later.id > c.id))"""
_DOCUMENTS: Final = f"""
    select d.id as document, d.item_id as item, i.number, d.name, d.blob_id, b.sha256, b.size,
        b.erased_at is not null as erased, d.added_at, d.added_by_label
    from receivables_itemdocument d
    join documents_blob b on b.company_id = d.company_id and b.id = d.blob_id
    join receivables_item i on i.company_id = d.company_id and i.id = d.item_id
    where {{which}} and {_THERE}"""  # noqa: S608  # fragments of ours
_OF_ITEMS: Final = _DOCUMENTS.format(which="d.item_id = any(%(items)s)") + " order by d.item_id, d.id"
_OF_CUSTOMER: Final = (
    _DOCUMENTS.format(which="i.customer_id = %(customer)s") + " order by d.id desc limit %(most)s"
)
_ONE: Final = f"select 1 as there from receivables_itemdocument d where d.id = %(document)s and {_THERE}"  # noqa: S608
_OF_BATCH: Final = f"""
    select count(*) as put, count(*) filter (where {_THERE}) as "left"
    from receivables_itemdocument d where d.batch_id = %(batch)s"""  # noqa: S608
_ITEMS: Final = """
    select i.id as item, i.number, i.number_key, i.customer_id as customer, p.name as customer_name,
        c.number as customer_number
    from receivables_item i
    join receivables_customer c on c.company_id = i.company_id and c.id = i.customer_id
    join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
    where i.number_key = any(%(keys)s) and i.kind in ('invoice', 'charge', 'credit')
    order by i.number_key, i.id"""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that lies with an item; `size` in bytes, `number` is the item's."""

    document: int
    item: int
    number: str
    name: str
    blob_id: int
    sha256: str
    size: int
    erased: bool
    added_at: datetime
    added_by_label: str


@dataclass(frozen=True, slots=True)
class Target:
    """An item to which a file belongs by its name."""

    item: int
    number: str
    customer: int
    customer_number: str
    customer_name: str


@dataclass(frozen=True, slots=True)
class Match:
    """A file of a batch with the items of the number that its name means. Where the number stands with several customers and
    the name does not say whose, there are none, and `doubtful` counts those customers."""

    name: str
    blob: Blob
    items: tuple[Target, ...]
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class BatchState:
    """How many documents a batch has brought to items, and how many of them still lie there."""

    put: int
    left: int


def documents_of(*, items: Collection[int]) -> dict[int, list[DocumentRow]]:
    """What lies with items, in the order in which it came, by item; items without a document are absent."""
    found: dict[int, list[DocumentRow]] = {}
    for row in rows(_OF_ITEMS, items=sorted(items)) if items else ():
        found.setdefault(row["item"], []).append(DocumentRow(**row))
    return found


def documents_of_customer(*, customer: int, most: int) -> list[DocumentRow]:
    """The newest documents of a customer's items."""
    return [DocumentRow(**row) for row in rows(_OF_CUSTOMER, customer=customer, most=most)]


def is_there(*, document: int) -> bool:
    """Whether the document lies with its item, and was not removed."""
    return bool(rows(_ONE, document=document))


def batch_of(*, batch: int) -> BatchState:
    """What has become of a batch."""
    return BatchState(**rows(_OF_BATCH, batch=batch)[0])


def matches_of(*, batch: int) -> list[Match]:
    """Where the files of a batch belong by their names, as the ledger stands now; in the order of the names."""
    files = list(
        DocumentBatchFile.objects.filter(batch_id=batch).select_related("blob").order_by("name", "id")
    )
    known = _items_named(file.name for file in files)
    return [Match(file.name, file.blob, *_meant(file.name, known)) for file in files]


def items_meant(*, names: Collection[str]) -> dict[str, list[int]]:
    """The items that files mean by their names, by name; a name that means none, or several customers' items, is absent."""
    known = _items_named(names)
    found = {name: [target.item for target in _meant(name, known)[0]] for name in names}
    return {name: items for name, items in found.items() if items}


def _items_named(names: Iterable[str]) -> dict[str, list[Target]]:
    """The items whose numbers stand in any of the names, by the key of their number."""
    keys = sorted({key for name in names for key in numbers_in(name)})
    by_key: dict[str, list[Target]] = {}
    for row in rows(_ITEMS, keys=keys) if keys else ():
        by_key.setdefault(row.pop("number_key"), []).append(Target(**row))
    return by_key


def _meant(name: str, known: Mapping[str, list[Target]]) -> tuple[tuple[Target, ...], int]:
    """The items that a name means, and of how many customers it could be where it does not say whose."""
    targets = known.get(belongs_to(name, known.keys()), [])
    customers = len({one.customer for one in targets})
    if customers > 1:
        targets = _named_too(name, targets)
        if len({one.customer for one in targets}) != 1:
            return (), customers
    return tuple(targets), 0


def _named_too(name: str, targets: Iterable[Target]) -> list[Target]:
    """Those whose customer's number stands in the name as well."""
    spoken = numbers_in(name)
    return [one for one in targets if belongs_to(one.customer_number, spoken)]
