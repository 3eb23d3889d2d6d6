-- One row per item as lists show it, judged on a day. Conditions, order and limit are appended.
select s.item_id, i.kind, i.number, i.position, s.customer_id, c.number, p.name, s.currency, s.raised_minor,
       s.open_minor, i.issued_on, s.due_on, %(on)s::date - s.due_on, s.level, s.last_reminded_on, s.list_behind,
       exists (
           select from receivables_hold h
           left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
           where h.company_id = s.company_id and h.customer_id = s.customer_id
             and (h.item_id is null or h.item_id = s.item_id)
             and h.from_on <= %(on)s::date and (h.until_on is null or h.until_on >= %(on)s::date)
             and (r.effective_on is null or r.effective_on > %(on)s::date)
       ), i.order_reference, s.product_group, s.listed_due_on
from receivables_itemstate s
join receivables_item i on i.company_id = s.company_id and i.id = s.item_id
join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
