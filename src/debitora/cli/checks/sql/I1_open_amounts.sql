-- I1: An item's open amount is the sum of its signed entries less its live allocations; releases carry the opposite sign.
-- Advice: Read the item's entries and allocations; the projection (item state) or one of those rows was changed by hand.
-- Looks at: items.

-- [broken]
with movement as (
    select item_id, amount_minor as minor from receivables_entry where company_id = %(company)s
    union all
    select debit_item_id, -amount_minor from receivables_allocation where company_id = %(company)s
    union all
    select credit_item_id, amount_minor from receivables_allocation where company_id = %(company)s
), replayed as (
    select item_id, sum(minor) as open_minor from movement group by item_id
)
select 'item ' || i.id as object, i.customer_id as customer,
       case when s.item_id is null then to_jsonb('has no state'::text)
            else to_jsonb(s.open_minor - coalesce(r.open_minor, 0)) end as difference
from receivables_item i
left join receivables_itemstate s on s.company_id = i.company_id and s.item_id = i.id
left join replayed r on r.item_id = i.id
where i.company_id = %(company)s and s.open_minor is distinct from coalesce(r.open_minor, 0)
order by i.id

-- [checked]
select count(*) from receivables_item where company_id = %(company)s
