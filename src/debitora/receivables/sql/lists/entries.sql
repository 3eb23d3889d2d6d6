-- In the order of the items, in which they were staged.
insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id)
select %(company)s, o.item_id, 'opened', o.open_minor, %(on)s, %(at)s, %(list_import)s
from list_opening o
