-- The customers whom the list concerns.
select s.customer_id from receivables_itemstate s
where s.company_id = %(company)s and (
    s.item_id in (select item_id from list_touched) or s.item_id in (select item_id from list_opening)
)
group by s.customer_id
order by s.customer_id
