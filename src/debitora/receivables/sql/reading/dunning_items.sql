-- Open credits, and open debits due before the day or within so many days from it. The reader puts them in item order, so
-- that decisions are written in it.
select s.item_id, s.customer_id, s.currency, s.due_on, s.open_minor, s.level, s.last_reminded_on, s.list_behind,
       s.issued_on
from receivables_itemstate s
where (s.open_minor < 0 or (s.open_minor > 0 and s.due_on <= %(on)s::date + %(ahead)s::int))
  and (%(customer)s::bigint is null or s.customer_id = %(customer)s)
