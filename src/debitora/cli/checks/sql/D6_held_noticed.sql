-- D6: Nothing on hold is noticed, and a customer gets no more notices from a run than her strategy's contact budget leaves.
-- Advice: Withhold the notice while it has not left; then find out why the run did not see the hold or the earlier contact.
-- Looks at: notices.

-- Moments are handed in before locks are taken: a hold or a contact recorded within five minutes of the run is not counted.
-- [broken]
with capped as (
    select n.customer_id, n.run_id, r."on", r.data_as_of, min((v.policy #>> '{contact_cap,touches}')::int) as touches,
           max((v.policy #>> '{contact_cap,days}')::int) as days, count(*) as notices
    from dunning_notice n
    join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
    join dunning_strategyversion v on v.company_id = n.company_id and v.id = n.strategy_version_id
    where n.company_id = %(company)s and jsonb_typeof(v.policy -> 'contact_cap') = 'object'
    group by n.customer_id, n.run_id, r."on", r.data_as_of
)
select 'run ' || d.run_id || ', item ' || d.item_id as object, d.customer_id as customer,
       to_jsonb('noticed under hold ' || h.id) as difference
from dunning_decided d
join dunning_run r on r.company_id = d.company_id and r.id = d.run_id
join receivables_hold h
  on h.company_id = d.company_id and h.customer_id = d.customer_id and coalesce(h.item_id, d.item_id) = d.item_id
where d.company_id = %(company)s and d.reason in (1, 2)
  and (h.amount_minor is null or h.amount_minor >= d.open_minor)
  and h.recorded_at < r.data_as_of - interval '5 minutes'
  and r."on" between h.from_on and coalesce(h.until_on, r."on")
  and not exists (
      select from receivables_holdrelease x
      where x.company_id = h.company_id and x.hold_id = h.id
        and x.effective_on <= r."on" and x.recorded_at < r.data_as_of + interval '5 minutes'
  )
union all
select 'run ' || c.run_id || ', customer ' || c.customer_id, c.customer_id,
       to_jsonb(c.notices + count(distinct a.intent_id) - c.touches)
from capped c
join people_company p on p.id = %(company)s
left join messaging_intent i on i.company_id = %(company)s and i.customer_id = c.customer_id
left join messaging_attempt a
  on a.company_id = %(company)s and a.intent_id = i.id and a.state in ('accepted', 'printed')
 and a.recorded_at < c.data_as_of - interval '5 minutes'
 and (a.recorded_at at time zone p.time_zone)::date between c."on" - c.days + 1 and c."on"
group by c.run_id, c.customer_id, c.notices, c.touches
having c.notices + count(distinct a.intent_id) > c.touches
order by object

-- [checked]
select count(*) from dunning_notice where company_id = %(company)s
