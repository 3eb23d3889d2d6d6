select t.due_on, t.effective_on, t.recorded_at, t.list_import_id, t.agreed
from receivables_terms t where t.item_id = %(item)s order by t.id
