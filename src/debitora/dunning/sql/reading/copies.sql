-- Notices that have left at a step whose copy goes to sales, of runs since a day, which the customer's salesperson has not
-- been told of: accepted, printed, or called. Only people who may still work here are told.
select c.salesperson_id as user_id, n.id as notice, n.number, n.level, coalesce(t.step ->> 'text', '') as text,
       n.total_minor, n.currency, c.number as customer_number, p.name as customer_name, gone.left_at
from dunning_runstep t
join dunning_run r on r.company_id = t.company_id and r.id = t.run_id and r."on" >= %(since)s::date
join dunning_notice n
  on n.company_id = t.company_id and n.run_id = t.run_id and n.strategy_version_id = t.strategy_version_id and n.level = t.level
join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
join people_user u on u.id = c.salesperson_id and u.is_active
cross join lateral (
    select min(e.recorded_at) as left_at from dunning_noticeevent e
    where e.company_id = n.company_id and e.notice_id = n.id and e.kind in ('accepted', 'printed', 'called')
) gone
where t.company_id = current_setting('app.company')::bigint and t.step ->> 'copy_to' = 'salesperson' and gone.left_at is not null
  and (%(user)s::bigint is null or c.salesperson_id = %(user)s)
  and exists (select from people_grant g where g.company_id = c.company_id and g.user_id = u.id)
  and not exists (
      select from dunning_copymail m
      where m.company_id = c.company_id and m.user_id = u.id and m."on" >= %(since)s::date and n.id = any(m.notices)
  )
order by c.salesperson_id, p.name, n.id
