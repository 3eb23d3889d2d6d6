select l.notice_id, l.level, l.raised, l.withdrawn, l.effective_on, l.recorded_at
from receivables_levelevent l where l.item_id = %(item)s order by l.id
