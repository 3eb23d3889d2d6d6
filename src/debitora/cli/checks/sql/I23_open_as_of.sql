-- I23: A decision's open sum and days overdue are those of the ledger at the moment its run read, replayed from its rows.
-- Advice: Read the item's entries, allocations and terms up to the run's data-as-of; one of them, or the decision, was changed.
-- Looks at: decisions of the runs within reach (--fast a day, else a month, --full all).

-- Moments are handed in before locks are taken: what was recorded within five minutes of the run may be in either order.
-- [broken]
with run as materialized (
    select id, "on", data_as_of from dunning_run
    where company_id = %(company)s and created_at >= %(replay_since)s
), movement as (
    select item_id, amount_minor as minor, recorded_at from receivables_entry where company_id = %(company)s
    union all
    select debit_item_id, -amount_minor, recorded_at from receivables_allocation where company_id = %(company)s
    union all
    select credit_item_id, amount_minor, recorded_at from receivables_allocation where company_id = %(company)s
), replayed as materialized (
    select r.id as run_id, m.item_id,
           coalesce(sum(m.minor) filter (where m.recorded_at <= r.data_as_of), 0) as open_minor,
           bool_or(m.recorded_at between r.data_as_of - interval '5 minutes' and r.data_as_of + interval '5 minutes')
               as in_doubt
    from run r cross join movement m
    group by r.id, m.item_id
), due as (
    select distinct on (r.id, t.item_id) r.id as run_id, t.item_id, t.due_on, r.data_as_of - t.recorded_at as age
    from run r join receivables_terms t on t.company_id = %(company)s and t.recorded_at <= r.data_as_of
    order by r.id, t.item_id, t.id desc
)
select 'run ' || d.run_id || ', item ' || d.item_id as object, d.customer_id as customer,
       to_jsonb(wrong.difference) as difference
from dunning_decided d
join run on run.id = d.run_id
left join replayed r on r.run_id = d.run_id and r.item_id = d.item_id
left join due t on t.run_id = d.run_id and t.item_id = d.item_id
cross join lateral (values
    (d.open_minor - coalesce(r.open_minor, 0), not coalesce(r.in_doubt, false)),
    (d.days_overdue - (run."on" - t.due_on), t.age > interval '5 minutes')
) wrong (difference, certain)
where d.company_id = %(company)s and wrong.certain and wrong.difference <> 0
order by d.run_id, d.item_id, wrong.difference

-- [checked]
select count(*) from dunning_decided d
join dunning_run r on r.company_id = d.company_id and r.id = d.run_id and r.created_at >= %(replay_since)s
where d.company_id = %(company)s
