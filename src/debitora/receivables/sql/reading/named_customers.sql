-- Every customer by number and present name.
select c.id, c.number, p.name
from receivables_customer c
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
order by c.id
