-- I23: A notice's sums, count and level are those of its lines; what it asks for is due less credits plus its claims. Credits that its
-- strategy only shows count nothing.
-- Advice: Keep the customer parked; the notice or a line was changed after it was made. If it left, withdraw it.
-- Looks at: notices.

-- [broken]
with lined as (
    select notice_id,
           coalesce(sum(open_minor) filter (where kind in ('due', 'upcoming')), 0) as due_minor,
           coalesce(sum(open_minor) filter (where kind = 'also_open'), 0) as also_open_minor,
           coalesce(sum(open_minor) filter (where kind = 'credit'), 0) as credit_minor,
           count(*) filter (where kind in ('due', 'upcoming')) as items,
           max(level_to) filter (where kind in ('due', 'upcoming')) as level
    from dunning_noticeline where company_id = %(company)s group by notice_id
)
select 'notice ' || n.id as object, n.customer_id as customer, to_jsonb(wrong.difference) as difference
from dunning_notice n
left join lined l on l.notice_id = n.id
left join dunning_strategyversion v on v.company_id = n.company_id and v.id = n.strategy_version_id
cross join lateral (select v.policy ->> 'offset_credits' = 'false' as shown_only) s
cross join lateral (values
    ('due', n.due_minor - coalesce(l.due_minor, 0)),
    ('also open', n.also_open_minor - coalesce(l.also_open_minor, 0)),
    ('credits', n.credit_minor - case when s.shown_only then 0 else coalesce(l.credit_minor, 0) end),
    ('total', n.total_minor - (n.due_minor + n.credit_minor + n.fee_minor + n.interest_minor + n.lump_sum_minor)),
    ('interest', n.interest_minor - (select coalesce(sum(x), 0) from unnest(n.line_interest_minor) x)),
    ('lump sums', n.lump_sum_minor - (select coalesce(sum(x), 0) from unnest(n.line_lump_sum_minor) x)),
    ('items', n.item_count - coalesce(l.items, 0)),
    ('level', n.level - coalesce(l.level, -1))
) wrong (what, difference)
where n.company_id = %(company)s and wrong.difference <> 0
order by n.id, wrong.what

-- [checked]
select count(*) from dunning_notice where company_id = %(company)s
