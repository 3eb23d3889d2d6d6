-- Everyone with an open item: how to treat her, and whether she can be reached.
select c.id, c.kind, c.parked_at is not null, c.language, p.email <> '', p.street <> '' and p.city <> ''
from receivables_customer c
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
where (%(customer)s::bigint is null or c.id = %(customer)s) and exists (
    select from receivables_itemstate s
    where s.company_id = c.company_id and s.customer_id = c.id and s.open_minor <> 0
)
