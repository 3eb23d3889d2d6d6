-- Questions to sales that are not over: the newest of each customer and level of which something is open and was not reminded of
-- since, with what that comes to now, in its largest currency, and what was answered. Held: nothing of it is free on the day.
select q.id as question, q.run_id as run, q.level, coalesce(v.policy -> 'steps' -> (q.level - 1) ->> 'text', '') as text,
       q.asked_on, q.until_on, q.silence, q.customer_id as customer, c.number as customer_number, p.name as customer_name, p.phone,
       c.salesperson_id, coalesce(nullif(u.name, ''), u.login, '') as salesperson,
       owed.items, owed.due_on, owed.currency, owed.open_minor, owed.currencies, st.state,
       coalesce(a.id, 0)::bigint as answer, coalesce(a.kind, '') as answered, coalesce(a.reason, '') as reason,
       a.until_on as stopped_until_on, a.answered_on, coalesce(a.answered_by_label, '') as answered_by
from dunning_salesquestion q
join receivables_customer c on c.company_id = q.company_id and c.id = q.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
join dunning_strategyversion v on v.company_id = q.company_id and v.id = q.strategy_version_id
left join people_user u on u.id = c.salesperson_id
left join lateral (
    select * from dunning_salesanswer a
    where a.company_id = q.company_id and a.question_id = q.id
    order by a.place desc limit 1
) a on a.kind <> 'undone'
cross join lateral (
    select sum(items)::int as items, min(due_on) as due_on, (array_agg(currency order by total desc, currency))[1] as currency,
           max(total)::bigint as open_minor, count(*)::int as currencies, coalesce(sum(free), 0) as free
    from (
        select s.currency, count(*) as items, sum(s.open_minor) as total, min(s.due_on) as due_on, count(*) filter (where not exists (
            select from receivables_hold h
            where h.company_id = s.company_id and h.customer_id = s.customer_id
              and (h.item_id is null or h.item_id = s.item_id and h.amount_minor is null)
              and h.from_on <= %(on)s and (h.until_on is null or h.until_on >= %(on)s)
              and not exists (
                  select from receivables_holdrelease r where r.company_id = h.company_id and r.hold_id = h.id
              )
        )) as free
        from receivables_itemstate s
        where s.company_id = q.company_id and s.item_id = any(q.items) and s.open_minor > 0
          and (s.last_reminded_on is null or s.last_reminded_on < q.asked_on)
        group by s.currency
    ) per
) owed
cross join lateral (
    select case
        when a.kind = 'released' then 'released'
        when a.kind = 'stopped' then 'stopped'
        when owed.free = 0 then 'held'
        when q.until_on >= %(on)s then 'open'
        when q.silence = 'release' then 'silent'
        else 'late'
    end as state
) st
