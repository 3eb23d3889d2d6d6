-- D5: A run has one decision per overdue item: as many as it counted, and as many of each reason; noticed and not noticed are all.
-- Advice: Do not approve the run; discard it and propose another. If it was released, compare its notices with its list of reasons.
-- Looks at: runs whose decisions are kept.

-- Of a month that the trail says was dropped no decisions are kept: nothing is left to count.

-- [broken]
with run as materialized (
    select r.* from dunning_run r
    where r.company_id = %(company)s and not exists (
        select from trail_record t
        where t.company_id = r.company_id and t.verb = 'decisions.dropped'
          and t.facts ->> 'month' = to_char(r.created_at at time zone 'UTC', 'YYYY-MM')
    )
), decided as (
    select run_id, count(*) filter (where reason <> 2) as overdue, count(*) filter (where reason = 2) as upcoming
    from dunning_decided where company_id = %(company)s group by run_id
), by_reason as (
    select run_id, reason, count(*) as decisions
    from dunning_decided where company_id = %(company)s and reason <> 2 group by run_id, reason
), code (reason, name) as (values
    (1, 'notice'), (10, 'list_behind'), (11, 'parked'), (12, 'held_customer'), (13, 'held_item'), (14, 'no_strategy'),
    (15, 'pending_notice'), (16, 'last_step_done'), (17, 'paused'), (20, 'grace'), (21, 'gap'), (22, 'held_amount'),
    (23, 'below_minimum'), (30, 'below_notice_minimum'), (31, 'credit_covers'), (32, 'contact_cap'),
    (33, 'sales_asked')
)
select 'run ' || r.id as object, null::bigint as customer,
       to_jsonb(coalesce(d.overdue, 0) - r.overdue_items) as difference
from run r
left join decided d on d.run_id = r.id
where r.company_id = %(company)s and r.overdue_items <> coalesce(d.overdue, 0)
union all
select 'run ' || r.id || ', upcoming', null, to_jsonb(coalesce(d.upcoming, 0) - (r.counts ->> 'upcoming')::bigint)
from run r
left join decided d on d.run_id = r.id
where r.company_id = %(company)s and (r.counts ->> 'upcoming')::bigint <> coalesce(d.upcoming, 0)
union all
select 'run ' || coalesce(c.run_id, b.run_id) || ', ' || coalesce(c.name, b.name), null,
       to_jsonb(coalesce(b.decisions, 0) - coalesce(c.counted, 0))
from (
    select r.id as run_id, t.key as name, t.value::bigint as counted
    from run r cross join lateral jsonb_each_text(r.counts -> 'decisions') t
    where r.company_id = %(company)s
) c
full join (
    select b.run_id, coalesce(code.name, 'reason ' || b.reason) as name, b.decisions
    from by_reason b left join code on code.reason = b.reason
) b on b.run_id = c.run_id and b.name = c.name
where coalesce(c.run_id, b.run_id) in (select id from run) and coalesce(b.decisions, 0) <> coalesce(c.counted, 0)
union all
select 'run ' || r.id || ', notices', null, to_jsonb(count(n.id) - r.notice_count)
from dunning_run r
left join dunning_notice n on n.company_id = r.company_id and n.run_id = r.id
where r.company_id = %(company)s
group by r.id, r.notice_count having count(n.id) <> r.notice_count
order by object

-- [checked]
select count(*) from dunning_run r
where r.company_id = %(company)s and not exists (
      select from trail_record t
      where t.company_id = r.company_id and t.verb = 'decisions.dropped'
        and t.facts ->> 'month' = to_char(r.created_at at time zone 'UTC', 'YYYY-MM')
  )
