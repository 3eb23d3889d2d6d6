-- What a payment may settle: all that is open, and what lists have settled from a day on without a payment, which counts as open for it. A
-- payment that is itself on account has no number that anybody would write.
with per_list as (
    select e.item_id, -sum(e.amount_minor)::bigint as minor
    from receivables_entry e
    where e.kind in ('paid_per_list', 'settled_per_list') and e.effective_on >= %(listed_since)s
    group by e.item_id
    having sum(e.amount_minor) <> 0
)
select i.id, s.customer_id, s.currency, case when i.kind = 'payment' then '' else i.number end,
       s.open_minor + coalesce(p.minor, 0), s.due_on, i.issued_on, s.open_minor = 0
from receivables_itemstate s
join receivables_item i on i.company_id = s.company_id and i.id = s.item_id
left join per_list p on p.item_id = s.item_id
where s.open_minor <> 0 or p.item_id is not null
order by i.id
