-- Everything whose state changes, locked by ascending id.
drop table if exists pg_temp.undo_touched;
create temp table undo_touched on commit drop as
select item_id from undo_item
union select credit_item_id from undo_allocation
union select debit_item_id from undo_allocation
union
select t.item_id from receivables_terms t
where t.company_id = %(company)s and t.list_import_id = %(list_import)s
union
select m.item_id from receivables_listmark m
where m.company_id = %(company)s and m.list_import_id = %(list_import)s
union
select g.item_id from receivables_itemgroup g
where g.company_id = %(company)s and g.list_import_id = %(list_import)s;

select s.item_id from receivables_itemstate s
where s.company_id = %(company)s and s.item_id in (select item_id from undo_touched)
order by s.item_id
for no key update
