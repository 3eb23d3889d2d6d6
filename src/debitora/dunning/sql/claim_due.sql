-- When the items are due now, and when they were last reminded of.
select item_id, due_on, last_reminded_on
from receivables_itemstate
where company_id = current_setting('app.company')::bigint and item_id = any(%(items)s::bigint[])
