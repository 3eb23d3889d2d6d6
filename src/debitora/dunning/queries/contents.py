"""What letters are made of, read for many notices in a few statements: their items, their recipients, dead addresses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from debitora.dunning.models import Notice, NoticeLine, RunStep
from debitora.dunning.queries.recipients import recipients_of
from debitora.dunning.rules.composition import LineFacts, NoticeFacts, Recipient
from debitora.dunning.rules.enclosing import ASKED_FOR, Copy, Enclosure, enclosures
from debitora.messaging.queries.edge import suppressed_among
from debitora.receivables.models import Item
from debitora.receivables.queries.documents import documents_of


@dataclass(frozen=True, slots=True)
class Claimable:
    """What may be claimed with an item by what is known now: since when it is in default, interest, and the lump sum."""

    from_on: date | None
    interest_minor: int
    lump_sum_minor: int


@dataclass(frozen=True, slots=True)
class Content:
    """All that a notice's letter depends on and that may change until it is made. Equal contents give equal letters.

    `notice` comes with its run; `suppressed`: nothing may go to the recipient's mail address. `claimable`, by item:
    only of a notice that claims something, and only what it asks for (queries.claims). `enclosures`: copies of invoices, where
    its step sends them.
    """

    notice: Notice
    facts: NoticeFacts
    recipient: Recipient
    suppressed: bool
    claimable: Mapping[int, Claimable] = field(default_factory=dict)
    enclosures: tuple[Enclosure, ...] = ()


def contents(*, notices: Collection[int]) -> dict[int, Content]:
    """The contents of notices as the ledger knows them now, by notice. Raises Notice.DoesNotExist."""
    found = list(
        Notice.objects.filter(id__in=notices)
        .select_related("run", "customer", "customer__party")
        .order_by("id")
    )
    if len(found) < len(set(notices)):
        raise Notice.DoesNotExist
    lines, steps = _lines(found), _steps(found)
    recipients = recipients_of(
        found,
        steps={notice.id: steps[_applied(notice)] for notice in found},
        due={
            notice.id: [line.item for line in lines.get(notice.id, ()) if line.kind == "due"]
            for notice in found
        },
    )
    dead = suppressed_among(one.email for one in recipients.values())
    enclosed = _enclosures(found, steps, lines)
    return {
        notice.id: Content(
            notice=notice,
            facts=_facts(notice, steps[_applied(notice)], lines.get(notice.id, [])),
            recipient=recipients[notice.id],
            suppressed=recipients[notice.id].email in dead,
            enclosures=enclosed.get(notice.id, ()),
        )
        for notice in found
    }


def _applied(notice: Notice) -> tuple[int, int, int]:
    """What names the step that made a notice: run, strategy version, level."""
    return notice.run_id, notice.strategy_version_id, notice.level


def _steps(notices: Sequence[Notice]) -> dict[tuple[int, int, int], Mapping[str, object]]:
    found = RunStep.objects.filter(run_id__in={notice.run_id for notice in notices})
    return {(one.run_id, one.strategy_version_id, one.level): one.step for one in found}


def _lines(notices: Sequence[Notice]) -> dict[int, list[LineFacts]]:
    """As values, not as models: a batch has some hundred lines, and is read twice."""
    written = list(
        NoticeLine.objects.filter(notice_id__in=[notice.id for notice in notices])
        .order_by("notice_id", "item_id")
        .values_list("notice_id", "item_id", "kind", "open_minor")
    )
    asked = Item.objects.filter(id__in=[item for _notice, item, _kind, _minor in written])
    known = asked.values_list("id", "number", "position", "issued_on", "state__due_on", "amount_minor")
    items = {facts[0]: facts for facts in known}
    claimed = _claimed(notices)
    found: dict[int, list[LineFacts]] = {}
    for notice, item, kind, open_minor in written:
        _id, number, position, issued_on, due_on, original_minor = items[item]
        interest_minor, lump_sum_minor = claimed.get((notice, item), (0, 0))
        line = LineFacts(
            item=item,
            number=number if position in ("", "1") else f"{number}/{position}",
            kind=kind,
            issued_on=issued_on,
            due_on=due_on,
            original_minor=original_minor,
            open_minor=open_minor,
            interest_minor=interest_minor,
            lump_sum_minor=lump_sum_minor,
        )
        found.setdefault(notice, []).append(line)
    return found


def _claimed(notices: Sequence[Notice]) -> dict[tuple[int, int], tuple[int, int]]:
    """Interest and lump sum of lines, by notice and item; notices that claim none are left out."""
    return {
        (notice.id, item): (interest, lump_sum)
        for notice in notices
        for item, interest, lump_sum in zip(
            notice.line_items if notice.line_interest_minor else (),
            notice.line_interest_minor or (),
            notice.line_lump_sum_minor or (),
            strict=True,
        )
    }


def _facts(notice: Notice, step: Mapping[str, object], lines: Sequence[LineFacts]) -> NoticeFacts:
    held = dict(zip(notice.line_items, notice.line_held_minor or (), strict=False))
    return NoticeFacts(
        id=notice.id,
        number=notice.number,
        customer=notice.customer_id,
        customer_number=notice.customer.number,
        currency=notice.currency,
        level=notice.level,
        fee_minor=notice.fee_minor,
        interest_minor=notice.interest_minor,
        lump_sum_minor=notice.lump_sum_minor,
        total_minor=notice.total_minor,
        step=step,
        strategy_version=notice.strategy_version_id,
        as_of=notice.run.on,
        lines=tuple(replace(line, held_minor=held.get(line.item, 0)) for line in lines),
    )


def _enclosures(
    notices: Sequence[Notice],
    steps: Mapping[tuple[int, int, int], Mapping[str, object]],
    lines: Mapping[int, Sequence[LineFacts]],
) -> dict[int, tuple[Enclosure, ...]]:
    """What goes with notices whose step sends copies of invoices; those that send none cost nothing."""
    asking = [notice.id for notice in notices if steps[_applied(notice)].get("enclose_copies")]
    items = {line.item for notice in asking for line in lines.get(notice, ()) if line.kind in ASKED_FOR}
    copies = {
        item: [Copy(row.document, row.blob_id, row.sha256, row.size) for row in rows if not row.erased]
        for item, rows in documents_of(items=items).items()
    }
    return {notice: enclosures(lines.get(notice, ()), copies) for notice in asking}
