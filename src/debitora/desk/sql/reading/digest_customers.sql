-- The customers with the most overdue, so many of each currency; by salesperson where people are named, else 0 for all.
with owed as (
    select case when %(people)s::bigint[] is null then 0 else c.salesperson_id end as person, s.currency, s.customer_id,
           sum(s.open_minor)::numeric(38) as minor, count(*) as items, min(s.due_on) as due_on
    from receivables_itemstate s
    join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id
    where s.open_minor > 0 and s.due_on < %(on)s
      and (%(people)s::bigint[] is null or c.salesperson_id = any(%(people)s))
    group by 1, s.currency, s.customer_id
), ranked as (
    select o.*, row_number() over (partition by o.person, o.currency order by o.minor desc, o.customer_id) as place from owed o
)
select r.person, r.currency, r.customer_id as customer, p.name, r.minor, r.items, r.due_on
from ranked r
join receivables_customer c on c.id = r.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
where r.place <= %(most)s
order by r.person, r.currency, r.place
