select distinct s.customer_id from receivables_itemstate s
where s.company_id = %(company)s and s.item_id in (select item_id from undo_touched)
order by s.customer_id
