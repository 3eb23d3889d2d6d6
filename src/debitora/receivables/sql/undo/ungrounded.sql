-- Items of which less is claimed than the import said, or which are due later: what was sent about them has lost its ground.
-- An item that the import only settled or paid is open again as it was, and its reminders stand.
select item_id from undo_item where side * change_minor < 0
union
select t.item_id from receivables_terms t
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = t.item_id
where t.company_id = %(company)s and t.list_import_id = %(list_import)s and s.due_on > t.due_on
order by item_id
