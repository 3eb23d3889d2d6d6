select distinct s.customer_id from level_reached l
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = l.item_id
order by s.customer_id
