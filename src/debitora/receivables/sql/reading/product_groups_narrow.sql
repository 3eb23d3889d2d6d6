-- The product groups of open items of some salespeople's customers: what others' customers buy is not told.
select distinct s.product_group
from receivables_customer k
join receivables_itemstate s on s.company_id = k.company_id and s.customer_id = k.id
where k.company_id = current_setting('app.company')::bigint and k.salesperson_id = any(%(scope)s)
  and s.open_minor <> 0 and s.product_group <> ''
order by s.product_group limit %(most)s
