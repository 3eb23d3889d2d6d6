-- Open debits that became overdue since a day, by their due day and currency; by salesperson where people are named, else 0 for all.
select case when %(people)s::bigint[] is null then 0 else c.salesperson_id end as person, s.currency, s.due_on,
       sum(s.open_minor)::numeric(38) as minor, count(*) as items
from receivables_itemstate s
join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id
where s.open_minor > 0 and s.due_on >= %(since)s and s.due_on < %(on)s
  and (%(people)s::bigint[] is null or c.salesperson_id = any(%(people)s))
group by 1, s.currency, s.due_on
order by 1, s.currency, s.due_on
