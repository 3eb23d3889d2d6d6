-- What was open on a day: every movement that counts on or before it and, with a moment, was known by then. The due day
-- is the one of the terms that were the newest by the same measure.
with wanted as (
    select i.id, i.currency from receivables_item i
    where (%(customer)s::bigint is null or i.customer_id = %(customer)s)
      and (%(scope)s::bigint[] is null or i.customer_id in (
          select c.id from receivables_customer c where c.salesperson_id = any(%(scope)s::bigint[])
      ))
), movements as (
    select w.id, w.currency, e.amount_minor from wanted w
    join receivables_entry e on e.item_id = w.id
    where e.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or e.recorded_at <= %(known_at)s)
    union all
    select w.id, w.currency, -a.amount_minor from wanted w
    join receivables_allocation a on a.debit_item_id = w.id
    where a.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or a.recorded_at <= %(known_at)s)
    union all
    select w.id, w.currency, a.amount_minor from wanted w
    join receivables_allocation a on a.credit_item_id = w.id
    where a.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or a.recorded_at <= %(known_at)s)
), standing as (
    select id, currency, sum(amount_minor) as minor from movements group by id, currency having sum(amount_minor) <> 0
), due as (
    select distinct on (t.item_id) t.item_id, t.due_on from wanted w
    join receivables_terms t on t.item_id = w.id
    where t.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or t.recorded_at <= %(known_at)s)
    order by t.item_id, t.id desc
)
select s.currency, case when d.due_on >= %(on)s::date then 0 else least((%(on)s::date - d.due_on + 29) / 30, 4) end,
       sum(s.minor)
from standing s
join due d on d.item_id = s.id
group by 1, 2
