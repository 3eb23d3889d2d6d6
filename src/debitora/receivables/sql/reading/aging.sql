-- What is open, by currency and band (0 not due, 1 to 30, to 60, to 90, more), on a day.
select s.currency, case when s.due_on >= %(on)s::date then 0 else least((%(on)s::date - s.due_on + 29) / 30, 4) end,
       sum(s.open_minor)
from receivables_itemstate s
where s.open_minor <> 0
  and (%(customer)s::bigint is null or s.customer_id = %(customer)s)
  and (%(scope)s::bigint is null or s.customer_id in (
      select c.id from receivables_customer c where c.salesperson_id = %(scope)s
  ))
group by 1, 2
