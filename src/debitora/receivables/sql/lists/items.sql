insert into receivables_item
    (id, company_id, source_id, customer_id, kind, number, number_key, position, currency, amount_minor, issued_on,
     order_reference, product_group, effective_on, recorded_at, list_import_id)
select o.item_id, %(company)s, %(source)s, c.id, case when o.open_minor > 0 then 'invoice' else 'credit' end,
       o.number, o.number_key, o.position, o.currency, o.open_minor, o.issued_on,
       o.order_reference, o.product_group, %(on)s, %(at)s, %(list_import)s
from list_opening o
join receivables_customer c on c.company_id = %(company)s and c.number_key = o.customer_key
order by o.item_id
