insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id)
select %(company)s, o.item_id, 'opened', o.open_minor, o.issued_on, %(at)s, %(list_import)s
from list_opening o
order by o.item_id
