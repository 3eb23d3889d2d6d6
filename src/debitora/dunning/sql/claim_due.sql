-- What claims follow from, of the items as they are now.
select item_id, due_on, last_reminded_on, issued_on, open_minor
from receivables_itemstate
where company_id = current_setting('app.company')::bigint and item_id = any(%(items)s::bigint[])
