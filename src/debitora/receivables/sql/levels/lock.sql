select c.id from receivables_customer c
where c.company_id = %(company)s and c.id in (
    select s.customer_id from level_reached l
    join receivables_itemstate s on s.company_id = %(company)s and s.item_id = l.item_id
)
order by c.id
for no key update;

select s.item_id from level_reached l
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = l.item_id
order by s.item_id
for no key update of s
