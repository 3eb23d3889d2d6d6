-- The newest payments and credits on a customer's account.
select i.id as item, i.number, i.kind, i.effective_on, s.currency, -i.amount_minor as minor, -s.open_minor as left_minor
from receivables_itemstate s
join receivables_item i on i.company_id = s.company_id and i.id = s.item_id
where s.company_id = current_setting('app.company')::bigint and s.customer_id = %(customer)s and i.kind in ('payment', 'credit')
order by i.effective_on desc, i.id desc
limit %(most)s
