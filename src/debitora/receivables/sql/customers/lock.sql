select c.id from receivables_customer c
where c.company_id = %(company)s and c.number_key in (select customer_key from customer_row)
order by c.id
for no key update
