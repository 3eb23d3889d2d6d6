-- I23: A notice's lines are what its run decided: the same customer, sum, level and reason, and every item noticed stands on one.
-- Advice: Keep the customer parked; compare the notice's lines with the decisions of its run (the why-card shows them).
-- Looks at: notice lines.

-- Where the trail says that a month's decisions were dropped, a line has nothing to be compared with.

-- [broken]
select 'notice ' || n.id || ', item ' || l.item_id as object, n.customer_id as customer,
       to_jsonb(wrong.what) as difference
from dunning_noticeline l
join dunning_notice n on n.company_id = l.company_id and n.id = l.notice_id
left join dunning_decided d on d.company_id = l.company_id and d.run_id = n.run_id and d.item_id = l.item_id
left join receivables_item i on i.company_id = l.company_id and i.id = l.item_id
join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
cross join lateral (values
    ('is no item of this customer in this currency', (i.customer_id, i.currency) is distinct from (n.customer_id, n.currency)),
    ('was not decided by the run', d.item_id is null and l.kind <> 'credit' and not exists (
        select from trail_record t
        where t.company_id = r.company_id and t.verb = 'decisions.dropped'
          and t.facts ->> 'month' = to_char(r.created_at at time zone 'UTC', 'YYYY-MM')
    )),
    ('is listed as ' || l.kind || ', decided for reason ' || d.reason,
     d.item_id is not null and l.kind <> case d.reason when 1 then 'due' when 2 then 'upcoming' else 'also_open' end),
    ('differs from the decision by ' || (l.open_minor - (d.open_minor - d.held_minor)),
     l.open_minor <> d.open_minor - d.held_minor),
    ('goes from level ' || l.level_from || ' to ' || l.level_to || ', decided ' || d.level_before || ' to ' || d.level_to,
     (l.level_from, l.level_to) <> (d.level_before, d.level_to))
) wrong (what, so)
where l.company_id = %(company)s and wrong.so
union all
select 'run ' || d.run_id || ', item ' || d.item_id, d.customer_id,
       to_jsonb('is noticed, and stands on ' || count(n.id) || ' notices')
from dunning_decided d
left join dunning_noticeline l
  on l.company_id = d.company_id and l.item_id = d.item_id and l.kind in ('due', 'upcoming')
left join dunning_notice n on n.company_id = d.company_id and n.id = l.notice_id and n.run_id = d.run_id
where d.company_id = %(company)s and d.reason in (1, 2)
group by d.run_id, d.item_id, d.customer_id
having count(n.id) <> 1
order by object, difference

-- [checked]
select count(*) from dunning_noticeline where company_id = %(company)s
