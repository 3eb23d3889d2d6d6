-- What is open, by currency and band (0 not due, 1 to 30, to 60, to 90, more), on a day, of one customer or of a salesperson's:
-- each found by herself along the index that carries what is open. A condition that may be left out would read everybody.
select s.currency, case when s.due_on >= %(on)s::date then 0 else least((%(on)s::date - s.due_on + 29) / 30, 4) end,
       sum(s.open_minor)
from (
    select c.id from receivables_customer c
    where %(customer)s::bigint is not null and c.id = %(customer)s and (%(scope)s::bigint[] is null or c.salesperson_id = any(%(scope)s))
    union all
    select c.id from receivables_customer c
    where %(customer)s::bigint is null and c.salesperson_id = any(%(scope)s::bigint[])
) who
join receivables_itemstate s
  on s.company_id = current_setting('app.company')::bigint and s.customer_id = who.id and s.open_minor <> 0
group by 1, 2
