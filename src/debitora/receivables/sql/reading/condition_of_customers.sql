-- Customers' present party and address, and whether a hold on all of her is in force on the day.
select c.id, c.party_id, p.email, exists (
    select from receivables_hold h
    left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
    where h.company_id = c.company_id and h.customer_id = c.id and h.item_id is null
      and h.from_on <= %(on)s::date
      and (h.until_on is null or h.until_on >= %(on)s::date)
      and (r.effective_on is null or r.effective_on > %(on)s::date)
), c.parked_at is not null
from receivables_customer c
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
where c.id = any(%(customers)s)
