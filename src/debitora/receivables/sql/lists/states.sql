insert into receivables_itemstate
    (company_id, item_id, customer_id, source_id, currency, raised_minor, open_minor, issued_on, due_on, level, list_behind,
     product_group)
select %(company)s, o.item_id, c.id, %(source)s, o.currency, o.open_minor, o.open_minor, o.issued_on, o.due_on, 0, false,
       o.product_group
from list_opening o
join receivables_customer c on c.company_id = %(company)s and c.number_key = o.customer_key
order by o.item_id
