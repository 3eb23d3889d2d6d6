-- The customers who paid and those whose items are touched, then the items: locked by ascending id.
drop table if exists pg_temp.settle_touched;
create temp table settle_touched on commit drop as
select debit_item as item_id from settle_allocation
union select credit_item from settle_allocation where credit_item is not null
union select item from settle_deduction;
analyze settle_touched;

select c.id from receivables_customer c
where c.company_id = %(company)s and c.id in (
    select customer from settle_payment
    union all
    select s.customer_id from settle_touched t
    join receivables_itemstate s on s.company_id = %(company)s and s.item_id = t.item_id
)
order by c.id
for no key update;

select s.item_id from receivables_itemstate s
where s.company_id = %(company)s and s.item_id in (select item_id from settle_touched)
order by s.item_id
for no key update
