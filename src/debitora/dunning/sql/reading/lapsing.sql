-- Open debits with what their limitation depends on, as the radar lists them.
select s.item_id, i.number, i.position, s.customer_id, c.number as customer_number, p.name as customer_name,
       coalesce(nullif(p.country, ''), o.country) as country, c.kind, s.currency, s.open_minor, s.issued_on, s.due_on,
       s.level, s.last_reminded_on
from receivables_itemstate s
join receivables_item i on i.company_id = s.company_id and i.id = s.item_id
join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
join people_company o on o.id = s.company_id
