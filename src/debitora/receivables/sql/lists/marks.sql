-- The list shows more than the ledger, or no longer does.
insert into receivables_listmark
    (company_id, item_id, behind, listed_minor, effective_on, recorded_at, list_import_id)
select %(company)s, item_id, behind, listed_minor, %(on)s, %(at)s, %(list_import)s from list_mark order by item_id;

update receivables_itemstate s set list_behind = m.behind
from list_mark m
where s.company_id = %(company)s and s.item_id = m.item_id;
