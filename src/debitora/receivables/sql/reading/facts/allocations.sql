select a.id, o.id, o.number, a.amount_minor, a.effective_on, a.recorded_at, a.reason, a.reverses_id, r.id
from receivables_allocation a
join receivables_item o on o.company_id = a.company_id
 and o.id = case when a.debit_item_id = %(item)s then a.credit_item_id else a.debit_item_id end
left join receivables_allocation r on r.company_id = a.company_id and r.reverses_id = a.id
where a.debit_item_id = %(item)s or a.credit_item_id = %(item)s
order by a.id
