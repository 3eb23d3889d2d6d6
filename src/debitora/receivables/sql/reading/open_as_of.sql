-- The items of one customer that were open on a day, by the same measure as aging_as_of.sql: every movement and terms
-- that count on or before it. Raised: what they were opened, corrected and charged with by then.
with wanted as (
    select i.id, i.kind, i.number, i.position, i.issued_on, i.currency from receivables_item i
    where i.customer_id = %(customer)s
), movements as (
    select w.id, e.amount_minor, e.kind in ('opened', 'corrected', 'charged') as raises from wanted w
    join receivables_entry e on e.item_id = w.id
    where e.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or e.recorded_at <= %(known_at)s)
    union all
    select w.id, -a.amount_minor, false from wanted w
    join receivables_allocation a on a.debit_item_id = w.id
    where a.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or a.recorded_at <= %(known_at)s)
    union all
    select w.id, a.amount_minor, false from wanted w
    join receivables_allocation a on a.credit_item_id = w.id
    where a.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or a.recorded_at <= %(known_at)s)
), standing as (
    select id, sum(amount_minor) as open_minor, coalesce(sum(amount_minor) filter (where raises), 0) as raised_minor
    from movements group by id having sum(amount_minor) <> 0
), due as (
    select distinct on (t.item_id) t.item_id, t.due_on from wanted w
    join receivables_terms t on t.item_id = w.id
    where t.effective_on <= %(on)s::date and (%(known_at)s::timestamptz is null or t.recorded_at <= %(known_at)s)
    order by t.item_id, t.id desc
)
select w.id, w.kind, w.number, w.position, w.issued_on, d.due_on, w.currency, s.raised_minor::bigint, s.open_minor::bigint
from standing s
join wanted w on w.id = s.id
join due d on d.item_id = s.id
order by w.currency, d.due_on, w.number, w.id
