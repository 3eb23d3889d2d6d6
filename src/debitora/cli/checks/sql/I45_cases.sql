-- I45: The state of every case follows from its steps and items, and an item stands in one case at most that is not closed.
-- Advice: Somebody wrote past the actions. The steps are right: set the state as they say, as the owner, and look who wrote it.
-- Looks at: cases.

-- [broken]
with told as (
    select c.id, c.customer_id, last.kind, last.outcome, last.until_on,
           (select s.assignee_id from disputes_casestep s
            where s.company_id = c.company_id and s.case_id = c.id and s.assignee_id is not null
            order by s.id desc limit 1) as assignee_id,
           (select s.due_on from disputes_casestep s
            where s.company_id = c.company_id and s.case_id = c.id and s.due_on is not null
            order by s.id desc limit 1) as due_on,
           (select max(s.recorded_at) from disputes_casestep s where s.company_id = c.company_id and s.case_id = c.id) as moved_at,
           (select sum(i.claimed_minor) from disputes_caseitem i where i.company_id = c.company_id and i.case_id = c.id) as minor
    from disputes_case c
    left join lateral (
        select s.kind, s.outcome, s.until_on from disputes_casestep s
        where s.company_id = c.company_id and s.case_id = c.id and s.kind not in ('moved', 'commented') order by s.id desc limit 1
    ) last on true
    where c.company_id = %(company)s
)
select 'case ' || t.id as object, t.customer_id as customer, to_jsonb(wrong.what) as difference
from told t
left join disputes_casestate s on s.company_id = %(company)s and s.case_id = t.id
cross join lateral (values
    ('has no state', s.case_id is null),
    ('has no step', t.kind is null),
    ('is ' || s.state || ' after the step ' || t.kind,
     s.state <> case t.kind when 'answered' then 'answered' when 'closed' then 'closed' else 'open' end),
    ('is with somebody else than its steps say', s.assignee_id is distinct from t.assignee_id),
    ('is due on another day than its steps say', s.due_on is distinct from t.due_on),
    ('has another outcome than its steps say', (s.outcome, s.until_on) is distinct from (t.outcome, t.until_on)),
    ('moved at another moment than its steps say', s.last_step_at is distinct from t.moved_at),
    ('is of another customer', s.customer_id is distinct from t.customer_id),
    ('disputes another sum than its items', s.amount_minor is distinct from t.minor)
) wrong (what, so)
where wrong.so
union all
select 'item ' || i.item_id, min(s.customer_id), to_jsonb('stands in ' || count(*) || ' cases that are not closed')
from disputes_caseitem i
join disputes_casestate s on s.company_id = i.company_id and s.case_id = i.case_id and s.state <> 'closed'
where i.company_id = %(company)s
group by i.item_id having count(*) > 1
order by object, difference

-- [checked]
select count(*) from disputes_case where company_id = %(company)s
