"""Incoming mails for whoever reads them: what waits, where each was placed, and what one may be about."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from debitora.disputes.models import CaseStep, MailPlacing
from debitora.disputes.rules.steps import StepKind
from debitora.formats.mail.attached import Letter
from debitora.kit.pg.bulk import number, rows
from debitora.messaging.models import IncomingMail
from debitora.messaging.queries.incoming import letter_of
from debitora.receivables.queries import Page
from debitora.receivables.queries.paging import SortKey, page

MOST_WITH_A_CASE: Final = 20
_LIKE_SIGNS: Final = str.maketrans({"%": "\\%", "_": "\\_", "\\": "\\\\"})


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What narrows the inbox. `state`: waiting, placed, discarded or all; `why` a code of rules.replies.Why."""

    state: str = "waiting"
    why: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A mail of the inbox with where it was placed, or what it seems to be about."""

    id: int
    sender: str
    subject: str
    words: str
    state: str
    size: int
    taken_at: datetime
    settled: bool
    kind: str
    why: str
    case: int | None
    customer: int | None
    customer_number: str
    customer_name: str


@dataclass(frozen=True, slots=True)
class PlacedMail:
    """A mail beside a case: its row, and what was written and attached."""

    mail: IncomingMail
    why: str
    letter: Letter


INBOX_SORTS: Final = {
    "taken": SortKey("m.id", "bigint", "m.id"),
    "sender": SortKey("lower(m.sender)", "text", "m.id"),
}
"""Words to sort the inbox by."""
_ROWS: Final = """select m.id, m.sender, m.subject, m.words, m.state, m.size, m.taken_at, m.settled_at is not null as settled,
       coalesce(p.kind, 'waits') as kind, coalesce(p.why, '') as why, p.case_id, k.id as customer_id,
       coalesce(k.number, '') as customer_number, coalesce(party.name, '') as customer_name
from messaging_incomingmail m
left join lateral (
    select n.kind, n.why, n.case_id, n.customer_id from disputes_mailplacing n
    where n.company_id = m.company_id and n.mail_id = m.id and n.kind <> 'undone' order by n.place desc limit 1
) p on true
left join disputes_case c on c.company_id = m.company_id and c.id = p.case_id
left join receivables_customer k on k.company_id = m.company_id and k.id = coalesce(p.customer_id, c.customer_id)
left join receivables_party party on party.company_id = k.company_id and party.id = k.party_id"""
_WAITS: Final = "m.state in ('other', 'unread') and m.settled_at is null"


def inbox_page(
    *, filters: InboxFilters, sort: str = "-taken", after: str | None = None, size: int = 50
) -> Page[InboxRow]:
    """A page of the inbox. Raises SortUnknown and CursorUnreadable."""
    params: dict[str, Any] = {"why": filters.why, "like": f"%{filters.text.strip().translate(_LIKE_SIGNS)}%"}
    return page(
        _ROWS,
        list(_conditions(filters)),
        params,
        InboxRow,
        keys=INBOX_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def _conditions(filters: InboxFilters) -> Iterator[str]:
    yield "m.company_id = current_setting('app.company')::bigint"
    states = {
        "waiting": _WAITS,
        "placed": "m.settled_at is not null and p.kind in ('case', 'customer')",
        "discarded": "m.settled_at is not null and p.kind = 'discarded'",
    }
    yield states.get(filters.state, "m.state in ('other', 'unread')")
    if filters.why:
        yield "p.why = %(why)s"
    if filters.text.strip():
        yield "(m.sender ilike %(like)s or m.subject ilike %(like)s or m.words ilike %(like)s)"


def inbox_row(*, mail: int) -> InboxRow | None:
    """One mail as the inbox shows it."""
    where = "m.company_id = current_setting('app.company')::bigint and m.id = %(mail)s and m.state in ('other', 'unread')"
    found = rows(f"{_ROWS} where {where}", mail=mail)
    return InboxRow(*found[0].values()) if found else None


def mails_waiting() -> int:
    """How many mails wait for somebody's eyes."""
    return number(
        f"""select count(*) from messaging_incomingmail m
            where m.company_id = current_setting('app.company')::bigint and {_WAITS}"""  # noqa: S608  # fragments of ours
    )


def mails_with(*, case: int) -> list[PlacedMail]:
    """The mails beside a case, newest first, each with what it holds."""
    placed = (
        MailPlacing.objects.filter(case_id=case, kind="case").select_related("mail__document").order_by("-id")
    )
    newest = newest_places(mails=[one.mail_id for one in placed])
    here = [one for one in placed if newest[one.mail_id] == one.place][:MOST_WITH_A_CASE]
    return [PlacedMail(one.mail, one.why, letter_of(mail=one.mail)) for one in here]


def newest_places(*, mails: Collection[int]) -> dict[int, int]:
    """Mail -> the place of its newest placing."""
    found = MailPlacing.objects.filter(mail_id__in=list(mails)).order_by("place")
    return dict(found.values_list("mail_id", "place"))


def comments_of(*, case: int, user: int, on: date) -> int:
    """How many comments a person made on a case on a day."""
    return CaseStep.objects.filter(case_id=case, kind=StepKind.COMMENTED, done_by_id=user, done_on=on).count()


def customers_of(*, senders: Collection[str]) -> dict[str, int]:
    """Address in lower case -> the one customer to whom it belongs; what belongs to several belongs to none."""
    found = rows(
        """select lower(p.email) as email, min(k.id) as customer from receivables_party p
           join receivables_customer k on k.company_id = p.company_id and k.party_id = p.id
           where p.company_id = current_setting('app.company')::bigint and p.email <> '' and lower(p.email) = any(%(senders)s)
           group by 1 having count(*) = 1""",
        senders=sorted({sender.lower() for sender in senders}),
    )
    return {row["email"]: row["customer"] for row in found}


def pending_numbers(*, customers: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """Customer -> numbers of her items in cases that are not closed, each with the case."""
    found = rows(
        """select s.customer_id as customer, i.number, s.case_id as "case" from disputes_casestate s
           join disputes_caseitem c on c.company_id = s.company_id and c.case_id = s.case_id
           join receivables_item i on i.company_id = c.company_id and i.id = c.item_id
           where s.state <> 'closed' and s.customer_id = any(%(customers)s)""",
        customers=list(customers),
    )
    numbers: dict[int, list[tuple[str, int]]] = {}
    for row in found:
        numbers.setdefault(row["customer"], []).append((row["number"], row["case"]))
    return numbers
