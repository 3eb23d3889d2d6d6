-- I25: When a mail's data began to flow, nothing that it demands was paid below the demanded sum, and nobody held it.
-- Advice: Keep the customer parked and speak to her: she got a demand that had no ground any more.
-- Looks at: mails accepted or uncertain.

-- Moments are handed in before locks are taken: what was recorded within five minutes of the look may be in either order.
-- [broken]
with looked as (
    select i.id, i.customer_id, a.recorded_at as at, (a.recorded_at at time zone c.time_zone)::date as day
    from messaging_intent i
    join people_company c on c.id = i.company_id
    join lateral (
        select max(a.recorded_at) as recorded_at from messaging_attempt a
        where a.company_id = i.company_id and a.intent_id = i.id and a.state = 'data_started' and a.reason = ''
    ) a on a.recorded_at is not null
    where i.company_id = %(company)s and i.channel = 'mail' and i.state in ('accepted', 'uncertain')
      and i.state_at >= %(since)s
), demanded as (
    select l.id, l.customer_id, l.at, l.day, d.item_id, d.open_minor
    from looked l
    join messaging_intentitem d on d.company_id = %(company)s and d.intent_id = l.id and d.due
), movement as (
    select item_id, amount_minor as minor, recorded_at from receivables_entry where company_id = %(company)s
    union all
    select debit_item_id, -amount_minor, recorded_at from receivables_allocation where company_id = %(company)s
    union all
    select credit_item_id, amount_minor, recorded_at from receivables_allocation where company_id = %(company)s
), stood as (
    select d.id, d.customer_id, d.item_id, d.open_minor,
           coalesce(sum(m.minor) filter (where m.recorded_at <= d.at), 0) as then_minor
    from demanded d
    left join movement m on m.item_id = d.item_id
    group by d.id, d.customer_id, d.item_id, d.open_minor, d.at
    having not bool_or(m.recorded_at between d.at - interval '5 minutes' and d.at + interval '5 minutes')
)
select 'message ' || id || ', item ' || item_id as object, customer_id as customer,
       to_jsonb(then_minor - open_minor) as difference
from stood where then_minor < open_minor
union all
select distinct 'message ' || d.id || ', item ' || d.item_id, d.customer_id, to_jsonb('was on hold ' || h.id)
from demanded d
join receivables_hold h
  on h.company_id = %(company)s and h.customer_id = d.customer_id and coalesce(h.item_id, d.item_id) = d.item_id
where h.amount_minor is null and h.recorded_at < d.at - interval '5 minutes'
  and d.day between h.from_on and coalesce(h.until_on, d.day)
  and not exists (
      select from receivables_holdrelease r
      where r.company_id = h.company_id and r.hold_id = h.id
        and r.effective_on <= d.day and r.recorded_at < d.at + interval '5 minutes'
  )
order by object, difference

-- [checked]
select count(*) from messaging_intent
where company_id = %(company)s and channel = 'mail' and state in ('accepted', 'uncertain') and state_at >= %(since)s
