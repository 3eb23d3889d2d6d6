"""Whether a notice may still be made: what it lists, looked at again under the customer's lock."""

from __future__ import annotations

from datetime import date

from debitora.dunning.models import Notice, NoticeLine
from debitora.kit.pg.bulk import rows
from debitora.messaging.rules.recheck import Conditions, Facts, ItemFact, Reason, recheck
from debitora.receivables.queries import conditions
from debitora.values.money import Money

REMINDED_MEANWHILE = "reminded_meanwhile"
"""An item of the notice was reminded of since the run read it, or stands on another notice that is on its way."""


def stop_reason(*, notice: Notice, on: date) -> str:
    """The code of the first thing that speaks against making the notice on the day; empty: nothing.

    The same conditions as at the edge (messaging.rules.recheck), and that nobody reminded of its items meanwhile.
    """
    if _reminded_meanwhile(notice):
        return REMINDED_MEANWHILE
    then = {
        line.item_id: Money(line.open_minor, notice.currency)
        for line in NoticeLine.objects.filter(notice_id=notice.id)
    }
    now = conditions(customer=notice.customer_id, items=list(then), on=on)
    stops = recheck(
        Conditions(customer=notice.customer_id, recipient=now.email, items=then),
        Facts(
            items={
                one.item: ItemFact(
                    customer=one.customer, open=Money(one.free_minor, one.currency), held=one.held
                )
                for one in now.items
            },
            recipient=now.email,
            customer_held=now.customer_held,
            customer_parked=now.customer_parked,
        ),
    )
    reasons = [stop.reason for stop in stops]
    if Reason.HELD in reasons:  # what a hold keeps out also looks paid
        return str(Reason.HELD)
    return str(reasons[0]) if reasons else ""


def _reminded_meanwhile(notice: Notice) -> bool:
    found = rows(
        """select exists (
               select from dunning_noticeline l
               join receivables_levelevent e on e.company_id = l.company_id and e.item_id = l.item_id
               where l.notice_id = %(notice)s and l.kind in ('due', 'upcoming')
                 and e.notice_id <> l.notice_id and not e.withdrawn and e.recorded_at > %(read_at)s
           ) or exists (
               select from dunning_noticeline l
               join dunning_noticeline o on o.company_id = l.company_id and o.item_id = l.item_id
                and o.notice_id <> l.notice_id and o.kind in ('due', 'upcoming')
               join dunning_noticeevent r on r.company_id = o.company_id and r.notice_id = o.notice_id
                and r.kind = 'rendered'
               where l.notice_id = %(notice)s and l.kind in ('due', 'upcoming') and not exists (
                   select from dunning_noticeevent e
                   where e.company_id = o.company_id and e.notice_id = o.notice_id
                     and e.kind in ('accepted', 'printed', 'stopped', 'refused', 'cancelled', 'ground_withdrawn')
               )
           ) as meanwhile""",
        notice=notice.id,
        read_at=notice.run.data_as_of,
    )
    return bool(found[0]["meanwhile"])
