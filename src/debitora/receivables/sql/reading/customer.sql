-- A customer with her present party and her parent's number and name.
select c.id, c.number, c.version, c.kind, c.language, c.salesperson_id, c.parent_id, coalesce(parent.number, ''),
       coalesce(parents.name, ''), c.parked_at, c.parked_reason, c.recorded_at,
       p.name, p.contact_name, p.street, p.postcode, p.city, p.country, p.email, p.phone
from receivables_customer c
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
left join receivables_customer parent on parent.company_id = c.company_id and parent.id = c.parent_id
left join receivables_party parents on parents.company_id = c.company_id and parents.id = parent.party_id
where c.id = %(customer)s
