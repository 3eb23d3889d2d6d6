-- I21: A message is accepted at most once, goes legal ways only, is what its last attempt says, and no claim outlives its worker.
-- Advice: Look into the mail server's log by the message's Message-ID before anything is sent again.
-- Looks at: attempts.

-- [broken]
with path as (
    select a.id, a.intent_id, a.state, a.reason, lag(a.state) over steps as before,
           row_number() over (partition by a.intent_id order by a.id desc) = 1 as newest
    from messaging_attempt a
    where a.company_id = %(company)s
    window steps as (partition by a.intent_id order by a.id)
), legal (before, state) as (values
    ('queued', 'claimed'), ('queued', 'cancelled'),
    ('claimed', 'queued'), ('claimed', 'stopped'), ('claimed', 'data_started'), ('claimed', 'refused_temp'),
    ('claimed', 'refused_perm'), ('claimed', 'printed'), ('printed', 'queued'),
    ('data_started', 'accepted'), ('data_started', 'refused_temp'), ('data_started', 'refused_perm'),
    ('data_started', 'uncertain'), ('data_started', 'printed'),
    ('refused_temp', 'claimed'), ('refused_temp', 'refused_perm'), ('refused_temp', 'cancelled'),
    ('uncertain', 'accepted'), ('uncertain', 'queued'), ('uncertain', 'cancelled'), ('accepted', 'returned')
), faults as (
    select intent_id, 'accepted ' || count(*) || ' times' as what
    from path where state = 'accepted' group by intent_id having count(*) > 1
    union all
    select intent_id, coalesce(before || ' to ', 'begins as ') || state
    from path p
    where case when before is null then state <> 'queued'
               else not exists (select from legal l where (l.before, l.state) = (p.before, p.state)) end
    union all
    select intent_id, 'uncertain to ' || state || ' without a person'
    from path where before = 'uncertain' and reason not in ('settled_by_person', 'in_journal', 'came_back')
    union all
    select i.id, 'stands as ' || i.state || ', its last attempt is ' || coalesce(p.state, 'missing')
    from messaging_intent i
    left join path p on p.intent_id = i.id and p.newest
    where i.company_id = %(company)s and i.state is distinct from p.state
    union all
    select i.id, 'came back without a mail that says so'
    from messaging_intent i
    where i.company_id = %(company)s and i.state = 'returned' and not exists (
        select from messaging_incomingmail m
        where m.company_id = i.company_id and m.intent_id = i.id and m.state = 'returned'
    )
    union all
    select id, 'held since ' || claimed_at || ' by a worker that is gone'
    from messaging_intent
    where company_id = %(company)s and state in ('claimed', 'data_started')
      and coalesce(claimed_at, '-infinity') < clock_timestamp() - interval '20 minutes'
)
select 'message ' || f.intent_id as object, i.customer_id as customer, to_jsonb(f.what) as difference
from faults f
left join messaging_intent i on i.company_id = %(company)s and i.id = f.intent_id
order by f.intent_id, f.what

-- [checked]
select count(*) from messaging_attempt where company_id = %(company)s
