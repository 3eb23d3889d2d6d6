select e.id, e.kind, e.amount_minor, e.effective_on, e.recorded_at, e.list_import_id, e.reverses_id, r.id
from receivables_entry e
left join receivables_entry r on r.company_id = e.company_id and r.reverses_id = e.id
where e.item_id = %(item)s
order by e.id
