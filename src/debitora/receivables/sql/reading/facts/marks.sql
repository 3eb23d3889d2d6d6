select m.behind, m.listed_minor, m.effective_on, m.recorded_at
from receivables_listmark m where m.item_id = %(item)s order by m.id
