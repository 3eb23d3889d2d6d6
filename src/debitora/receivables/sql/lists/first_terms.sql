-- In the order of the items, in which they were staged.
insert into receivables_terms (company_id, item_id, due_on, effective_on, recorded_at, list_import_id)
select %(company)s, o.item_id, o.due_on, %(on)s, %(at)s, %(list_import)s
from list_opening o
