-- D5: Every item that was overdue when a run read the ledger, replayed from its rows, has a decision of that run.
-- Advice: Look at the item's why-card; a run that passed an item over cannot be trusted: discard it and propose another.
-- Looks at: runs within reach (--fast a day, else a month, --full all) whose decisions are kept.

-- A follow-up decides all of the customers whom it looked at, and of no other.
-- Moments are handed in before locks are taken: what was recorded within five minutes of the run may be in either order,
-- and counts only where the run itself counted more items than it has decisions for.
-- [broken]
with run as materialized (
    select r.id, r."on", r.data_as_of, r.follow_up, r.overdue_items <> count(d.item_id) as short
    from dunning_run r
    left join dunning_decided d on d.company_id = r.company_id and d.run_id = r.id and d.reason <> 2
    where r.company_id = %(company)s and r.created_at >= %(replay_since)s and not exists (
        select from trail_record t
        where t.company_id = r.company_id and t.verb = 'decisions.dropped'
          and t.facts ->> 'month' = to_char(r.created_at at time zone 'UTC', 'YYYY-MM')
    )
    group by r.id, r."on", r.data_as_of, r.follow_up, r.overdue_items
), movement as (
    select item_id, amount_minor as minor, recorded_at from receivables_entry where company_id = %(company)s
    union all
    select debit_item_id, -amount_minor, recorded_at from receivables_allocation where company_id = %(company)s
    union all
    select credit_item_id, amount_minor, recorded_at from receivables_allocation where company_id = %(company)s
), open as materialized (
    select r.id as run_id, m.item_id,
           bool_or(m.recorded_at between r.data_as_of - interval '5 minutes' and r.data_as_of + interval '5 minutes')
               as in_doubt
    from run r cross join movement m
    group by r.id, m.item_id
    having sum(m.minor) filter (where m.recorded_at <= r.data_as_of) > 0
), undecided as materialized (
    select o.run_id, o.item_id, o.in_doubt
    from open o
    left join dunning_decided d on d.company_id = %(company)s and d.run_id = o.run_id and d.item_id = o.item_id
    where d.item_id is null
)
select 'run ' || u.run_id || ', item ' || u.item_id as object, i.customer_id as customer,
       to_jsonb('overdue since ' || t.due_on || ', no decision') as difference
from undecided u
join run r on r.id = u.run_id
join receivables_item i on i.company_id = %(company)s and i.id = u.item_id
join lateral (
    select t.due_on, t.recorded_at > r.data_as_of - interval '5 minutes' as in_doubt
    from receivables_terms t
    where t.company_id = %(company)s and t.item_id = u.item_id and t.recorded_at <= r.data_as_of
    order by t.id desc limit 1
) t on t.due_on < r."on"
where (r.short or not (u.in_doubt or t.in_doubt)) and (not r.follow_up or exists (
    select from dunning_decided d
    where d.company_id = %(company)s and d.run_id = u.run_id and d.customer_id = i.customer_id
))
order by u.run_id, u.item_id

-- [checked]
select count(*) from dunning_run where company_id = %(company)s and created_at >= %(replay_since)s
