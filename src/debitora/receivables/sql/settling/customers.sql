select customer from settle_payment
union
select s.customer_id from settle_touched t
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = t.item_id
where t.item_id in (select debit_item from settle_allocation union select credit_item from settle_allocation union select item from settle_deduction)
order by customer
