-- I27: On no day did more mails leave than the company's bound or than three to one customer; no unlikely run went unconfirmed.
-- Advice: Stop all sending (settings), find out why so much went out, then unlock.
-- Looks at: days on which mails left, and runs that a bound stopped.

-- [broken]
with accepted as (
    select i.customer_id, (a.recorded_at at time zone c.time_zone)::date as day
    from messaging_attempt a
    join messaging_intent i on i.company_id = a.company_id and i.id = a.intent_id and i.channel = 'mail'
    join people_company c on c.id = a.company_id
    where a.company_id = %(company)s and a.state = 'accepted' and a.reason = '' and a.recorded_at >= %(since)s
), changed as (
    select max(recorded_at)::date as day from trail_record
    where company_id = %(company)s and verb = 'sender.saved' and facts -> 'fields' ? 'daily_bound'
)
select 'day ' || day as object, null::bigint as customer, to_jsonb(count(*) - min(s.daily_bound)) as difference
from accepted
join messaging_sender s on s.company_id = %(company)s
where day > (select coalesce(day, '-infinity') from changed)
group by day having count(*) > min(s.daily_bound)
union all
select 'customer ' || customer_id || ' on ' || day, customer_id, to_jsonb(count(*) - 3)
from accepted group by customer_id, day having count(*) > 3
union all
select 'run ' || r.id, null, to_jsonb('was stopped by its bound and went without a confirmation'::text)
from dunning_run r
where r.company_id = %(company)s and r.stopped_by_bound and r.state in ('approved', 'released') and not exists (
    select from trail_subject s
    join trail_record t on t.company_id = s.company_id and t.id = s.record_id
    where s.company_id = r.company_id and s.kind = 'run' and s.object_id = r.id
      and t.verb = 'run.approved' and t.facts @> '{"confirmed": true}'
)
order by object

-- [checked]
select (select count(distinct recorded_at::date) from messaging_attempt
        where company_id = %(company)s and state = 'accepted' and recorded_at >= %(since)s)
     + (select count(*) from dunning_run where company_id = %(company)s and stopped_by_bound)
