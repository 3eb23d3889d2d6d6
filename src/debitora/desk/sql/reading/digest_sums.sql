-- What is open and overdue with the customers of these people, by person and currency, and what of it became overdue lately, by day.
select c.salesperson_id as person, s.currency, sum(s.open_minor)::numeric(38) as open_minor,
       coalesce(sum(s.open_minor) filter (where s.open_minor > 0 and s.due_on < %(on)s), 0)::numeric(38) as overdue_minor,
       count(*) filter (where s.open_minor > 0 and s.due_on < %(on)s) as overdue_items
from receivables_customer c
join receivables_itemstate s on s.company_id = c.company_id and s.customer_id = c.id
where c.salesperson_id = any(%(people)s) and s.open_minor <> 0
group by c.salesperson_id, s.currency
order by c.salesperson_id, s.currency
