-- Another due day: a row of terms, and the projection follows. It is newer than a day that was agreed before.
insert into receivables_terms (company_id, item_id, due_on, effective_on, recorded_at, list_import_id)
select %(company)s, item_id, due_on, %(on)s, %(at)s, %(list_import)s from list_term order by item_id;

update receivables_itemstate s set due_on = t.due_on, listed_due_on = null
from list_term t
where s.company_id = %(company)s and s.item_id = t.item_id;
