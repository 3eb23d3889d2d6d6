"""What a run looks at: open items, customers with their strategy, holds and touches, read in one snapshot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from debitora.dunning.queries.assignments import assignments, strategies_of
from debitora.dunning.queries.pauses import stopped_ways
from debitora.dunning.queries.sales import released_levels
from debitora.dunning.queries.strategies import in_use
from debitora.dunning.rules.assignment import Assignments
from debitora.dunning.rules.policy import Grouping, Policy
from debitora.engine.dunning import decide
from debitora.engine.dunning_shapes import CUSTOMERS, ITEMS, TOUCHES, Decided
from debitora.kit.pg.bulk import frame
from debitora.messaging.queries import touches as contacts
from debitora.receivables.queries import contact_items, dunning_frames, order_items

_KIN = (
    (Grouping.ORDER, "order_item", order_items),
    (Grouping.CONTACT, "contact_item", contact_items),
)
"""What a grouping keeps notices apart by, in which column, and who reads it."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Frames as engine.dunning.decide takes them, and the policies by strategy version id.

    `customers` also has their kind, `items` when they were issued.
    """

    items: pl.DataFrame
    customers: pl.DataFrame
    holds: pl.DataFrame
    touches: pl.DataFrame
    policies: Mapping[int, Policy]

    def decided(self, *, on: date) -> Decided:
        """What the rules say about all of it on a day."""
        return decide(
            items=self.items,
            customers=self.customers,
            holds=self.holds,
            touches=self.touches,
            policies=self.policies,
            on=on,
        )

    def among(
        self, customers: Collection[int], *, everyone: bool = False, without: Collection[int] = ()
    ) -> Candidates:
        """What concerns these customers, or everyone, but none of `without`."""
        mine = pl.col("customer_id")
        asked = pl.lit(value=True) if everyone else mine.is_in(sorted(customers))
        asked &= ~mine.is_in(sorted(without))
        whose = self.customers.filter(asked)
        return replace(
            self,
            items=self.items.filter(asked),
            customers=whose,
            holds=self.holds.join(whose.select("customer_id"), on="customer_id", how="semi"),
        )


def candidates(
    *,
    on: date,
    time_zone: str,
    customer: int | None = None,
    every_due_day: bool = False,
    beside: Sequence[Policy] = (),
    proposed: bool = False,
) -> Candidates:
    """Everything a run of day `on` needs, a day of `time_zone`. A customer of unknown kind is treated as a consumer.

    `proposed`: what a run proposes that nobody has approved yet counts as on its way. For a why-card: narrowed to one customer, and with what falls due later (`every_due_day`). For a preview: read so
    that further policies (`beside`) can be tried on it. What is on its way is read before the items and their holds, and
    what crossed with a payment after them, so that whatever commits in between can only stop more.
    """
    pending, rules = pending_items(customer=customer, proposed=proposed), assignments()
    used = in_use(rules.strategies)
    policies = dict(used.values())
    tried = (*policies.values(), *beside)
    ahead = max((policy.upcoming_days or 0 for policy in tried), default=0)
    ledger = dunning_frames(on=on, upcoming_days=3660 if every_due_day else ahead, customer=customer)
    versions = {strategy: version for strategy, (version, _policy) in used.items()}
    return Candidates(
        items=_with_kin(
            _with_notices(ledger.items, pending, crossed_items(customer=customer)), tried, customer
        ),
        customers=_told(
            _with_strategy(ledger.customers, rules, versions, customer),
            stopped_ways(on=on, customer=customer),
            released_levels(policies=tried, on=on, customer=customer),
        ),
        holds=ledger.holds,
        touches=_touches(tried, on, time_zone),
        policies=policies,
    )


def _with_notices(items: pl.DataFrame, pending: pl.Series, crossed: pl.Series) -> pl.DataFrame:
    """The ledger's items with what their notices say of them."""
    item = pl.col("item_id")
    return items.with_columns(pending=item.is_in(pending.implode()), crossed=item.is_in(crossed.implode()))


def _with_kin(items: pl.DataFrame, policies: Sequence[Policy], customer: int | None) -> pl.DataFrame:
    """The items with the first item of their order and of their contact, each read only where a policy gathers by it."""
    used = {policy.grouping for policy in policies}
    for grouping, column, read in _KIN:
        if grouping in used:
            items = items.join(read(customer=customer), on="item_id", how="left")
        else:
            items = items.with_columns(pl.lit(None, dtype=pl.Int64).alias(column))
    return items.select(*ITEMS, "issued_on")


def crossed_items(*, customer: int | None = None) -> pl.Series:
    """Items whose last notice crossed with a payment (H14): of one customer, or all.

    The money had come on the day the notice left, and was put against the item after its run had read the ledger: the
    notice asked for too much, and no next level builds on it. A payment that was taken back since does not count.
    """
    found = frame(
        """select s.item_id
           from receivables_itemstate s
           cross join lateral (
               select e.notice_id, e.effective_on from receivables_levelevent e
               where e.company_id = s.company_id and e.item_id = s.item_id and not e.withdrawn
                 and not exists (
                     select from receivables_levelevent w
                     where w.company_id = e.company_id and w.item_id = e.item_id and w.notice_id = e.notice_id
                       and w.withdrawn
                 )
               order by e.id desc limit 1
           ) e
           join dunning_notice n on n.company_id = s.company_id and n.id = e.notice_id
           join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
           where s.level > 0 and s.open_minor > 0 and s.open_minor < s.raised_minor
             and (%(customer)s::bigint is null or s.customer_id = %(customer)s)
             and exists (
                 select from receivables_allocation a
                 join receivables_item paid on paid.company_id = a.company_id and paid.id = a.credit_item_id
                 where a.company_id = s.company_id and a.debit_item_id = s.item_id and a.recorded_at > r.data_as_of
                   and a.reverses_id is null and paid.effective_on <= e.effective_on
                   and not exists (
                       select from receivables_allocation b
                       where b.company_id = a.company_id and b.reverses_id = a.id
                   )
             )""",
        {"item_id": pl.Int64},
        customer=customer,
    )
    return found["item_id"]


def pending_items(*, customer: int | None = None, proposed: bool = False) -> pl.Series:
    """Items on a notice of an approved run that has not come to an end and that nobody holds back; of one customer, or all.

    `proposed`: runs that nobody has approved yet count as well.
    """
    found = frame(
        """with going as materialized (
               select n.company_id, n.id from dunning_notice n
               where n.run_id = any (array(select r.id from dunning_run r where r.state = any (%(states)s)))
                 and (%(customer)s::bigint is null or n.customer_id = %(customer)s)
                 and not exists (
                     select from dunning_noticeevent e
                     where e.company_id = n.company_id and e.notice_id = n.id
                       and e.kind in ('accepted', 'printed', 'called', 'stopped', 'refused', 'returned', 'cancelled', 'ground_withdrawn')
                 )
           )
           select distinct l.item_id
           from going g
           join dunning_noticeline l
             on l.company_id = g.company_id and l.notice_id = g.id and l.kind in ('due', 'upcoming')
           where coalesce((
               select e.kind from dunning_noticeevent e
               where e.company_id = g.company_id and e.notice_id = g.id and e.kind in ('withheld', 'reinstated')
               order by e.id desc limit 1
           ), '') <> 'withheld'""",
        {"item_id": pl.Int64},
        customer=customer,
        states=[*(["proposed"] if proposed else []), "approved", "released"],
    )
    return found["item_id"]


def _with_strategy(
    customers: pl.DataFrame, rules: Assignments, versions: Mapping[int, int], customer: int | None
) -> pl.DataFrame:
    given = strategies_of(customers, rules, customer=customer)
    version = given["strategy_id"].replace_strict(versions, default=None, return_dtype=pl.Int64)
    return customers.with_columns(version.alias("policy_id"))


def _told(customers: pl.DataFrame, stopped: pl.DataFrame, released: pl.DataFrame) -> pl.DataFrame:
    """The customers with the ways that pauses close, and the levels that need no word of sales."""
    whole = customers.join(stopped, on="customer_id", how="left").join(released, on="customer_id", how="left")
    return whole.select(*CUSTOMERS, "kind")


def _touches(policies: Sequence[Policy], on: date, time_zone: str) -> pl.DataFrame:
    window = max((policy.contact_cap.days for policy in policies if policy.contact_cap), default=0)
    rows = contacts(since=on - timedelta(days=window), time_zone=time_zone) if window else []
    return pl.DataFrame(rows, schema=dict(TOUCHES), orient="row")
