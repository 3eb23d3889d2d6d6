select distinct c.customer_id, c.id from claim_touched t
join receivables_claim c on c.company_id = %(company)s and c.id = t.claim_id
order by c.customer_id, c.id
