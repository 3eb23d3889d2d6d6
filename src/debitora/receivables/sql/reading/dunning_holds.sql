-- Holds in force on the day; a release ends a hold on the day before it.
select h.id, h.item_id, h.customer_id, h.amount_minor, h.from_on, least(h.until_on, r.effective_on - 1)
from receivables_hold h
left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
where (%(customer)s::bigint is null or h.customer_id = %(customer)s)
  and h.from_on <= %(on)s::date
  and (h.until_on is null or h.until_on >= %(on)s::date)
  and (r.effective_on is null or r.effective_on > %(on)s::date)
