-- Another product group: a row of what the list said, and the projection follows.
insert into receivables_itemgroup (company_id, item_id, product_group, recorded_at, list_import_id)
select %(company)s, item_id, product_group, %(at)s, %(list_import)s from list_group order by item_id;

update receivables_itemstate s set product_group = g.product_group
from list_group g
where s.company_id = %(company)s and s.item_id = g.item_id;
