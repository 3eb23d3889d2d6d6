"""Copies of invoices with notices: what went along, what would go now, and which items of a run have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from debitora.dunning.models import Notice, NoticeEnclosure, RunStep
from debitora.dunning.queries.contents import Content, contents
from debitora.dunning.rules.enclosing import ASKED_FOR
from debitora.kit.pg.bulk import rows
from debitora.receivables.models import ItemDocument

MOST_NAMED: Final = 20
MOST_COUNTED: Final = 10_000
"""So many are counted; where there are more, the first are named all the same."""
_WITHOUT: Final = """
    select lacking.*, count(*) over () as found from (
    select l.item_id as item, i.number, n.id as notice, n.customer_id as customer
    from dunning_notice n
    join dunning_runstep s on s.company_id = n.company_id and s.run_id = n.run_id
        and s.strategy_version_id = n.strategy_version_id and s.level = n.level
        and (s.step ->> 'enclose_copies')::boolean and s.step ->> 'channel' <> 'call'
    join dunning_noticeline l on l.company_id = n.company_id and l.notice_id = n.id and l.kind = any(%(kinds)s)
    join receivables_item i on i.company_id = l.company_id and i.id = l.item_id
    where n.run_id = %(run)s and not exists (
        select from receivables_itemdocument d
        where d.company_id = l.company_id and d.item_id = l.item_id and not exists (
            select from receivables_itemdocumentchange c
            where c.company_id = d.company_id and c.document_id = d.id and c.kind = 'removed'
              and not exists (select from receivables_itemdocumentchange later
                  where later.company_id = c.company_id and later.document_id = c.document_id and later.id > c.id)))
    limit %(counted)s) lacking
    order by notice, item limit %(most)s"""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A copy of an invoice with a notice; `sent` is false where it is too large and only named."""

    document: int
    number: str
    name: str
    size: int
    sent: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """What goes with a notice: the copies, and the numbers of what it asks for without one."""

    copies: tuple[Enclosed, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """An item that a notice of a run asks for, without a copy of it."""

    item: int
    number: str
    notice: int
    customer: int


def papers_of(*, notice: Notice, made: bool) -> Papers | None:
    """The copies that went with a notice, or that would go if it were made now; None where its step sends none."""
    if made:
        frozen = NoticeEnclosure.objects.filter(notice=notice).select_related("document__item", "blob")
        copies = tuple(_enclosed(one.document, one.blob.size, one.sent) for one in frozen.order_by("place"))
        return Papers(copies, ()) if copies else None
    content = contents(notices=[notice.id])[notice.id]
    return _papers(content) if content.facts.step.get("enclose_copies") else None


def without_copies(*, run: int) -> tuple[int, list[Lacking]]:
    """How many items the notices of a run ask for without a copy that their step would send (MOST_COUNTED + 1 stands for all that are more), and
    some of them."""
    steps = RunStep.objects.filter(run_id=run).values_list("step", flat=True)
    if not any(step.get("enclose_copies") for step in steps):
        return 0, []
    found = rows(_WITHOUT, run=run, kinds=list(ASKED_FOR), counted=MOST_COUNTED + 1, most=MOST_NAMED)
    total = int(found[0]["found"]) if found else 0
    return total, [Lacking(row["item"], row["number"], row["notice"], row["customer"]) for row in found]


def _papers(content: Content) -> Papers:
    documents = ItemDocument.objects.select_related("item").in_bulk(
        [one.copy.document for one in content.enclosures]
    )
    copies = tuple(
        _enclosed(documents[one.copy.document], one.copy.size, one.sent) for one in content.enclosures
    )
    numbers = {one.number for one in content.enclosures}
    asked = [line.number for line in content.facts.lines if line.kind in ASKED_FOR]
    return Papers(copies, tuple(number for number in asked if number not in numbers))


def _enclosed(document: ItemDocument, size: int, sent: bool) -> Enclosed:
    return Enclosed(document.id, document.item.number, document.name, size, sent)
