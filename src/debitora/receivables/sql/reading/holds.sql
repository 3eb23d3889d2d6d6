-- Holds with whom and what they hold; in force on a day unless every one is wanted.
select h.id, h.customer_id, c.number, p.name, h.item_id, coalesce(i.number, ''), coalesce(i.currency, ''),
       h.amount_minor, h.reason, coalesce(w.text, ''), h.from_on, h.until_on, r.effective_on, h.placed_by_label,
       h.recorded_at
from receivables_hold h
join receivables_customer c on c.company_id = h.company_id and c.id = h.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
left join receivables_item i on i.company_id = h.company_id and i.id = h.item_id
left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
left join trail_wording w on w.company_id = h.company_id and w.id = h.wording_id
where (%(every)s or (
        h.from_on <= %(on)s::date and (h.until_on is null or h.until_on >= %(on)s::date)
        and (r.effective_on is null or r.effective_on > %(on)s::date)
    ))
  and (%(ends_by)s::date is null or h.until_on <= %(ends_by)s::date)
  and (%(customer)s::bigint is null or h.customer_id = %(customer)s)
  and (%(item)s::bigint is null or h.item_id = %(item)s or (h.item_id is null and h.customer_id = (
      select s.customer_id from receivables_itemstate s where s.item_id = %(item)s
  )))
  and (%(scope)s::bigint[] is null or c.salesperson_id = any(%(scope)s))
order by coalesce(h.until_on, 'infinity'::date), h.id
limit %(most)s
