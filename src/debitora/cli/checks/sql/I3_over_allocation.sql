-- I3: No item is settled beyond what it was raised to: replayed, its open amount lies between zero and the raising entries.
-- Advice: Release allocations of the item until it fits; find out how they came past the constraint.
-- Looks at: items.

-- [broken]
with movement as (
    select item_id, amount_minor as minor, kind in ('opened', 'corrected', 'charged') as raising
    from receivables_entry where company_id = %(company)s
    union all
    select debit_item_id, -amount_minor, false from receivables_allocation where company_id = %(company)s
    union all
    select credit_item_id, amount_minor, false from receivables_allocation where company_id = %(company)s
), replayed as (
    select item_id, sum(minor) as open_minor, coalesce(sum(minor) filter (where raising), 0) as raised_minor
    from movement group by item_id
)
select 'item ' || i.id as object, i.customer_id as customer,
       to_jsonb(case when sign(r.open_minor) in (0, sign(r.raised_minor)) then r.open_minor - r.raised_minor
                     else r.open_minor end) as difference
from replayed r
join receivables_item i on i.company_id = %(company)s and i.id = r.item_id
where r.open_minor not between least(r.raised_minor, 0) and greatest(r.raised_minor, 0)
   or sign(r.raised_minor) not in (0, case when i.kind in ('invoice', 'charge') then 1 else -1 end)
order by i.id

-- [checked]
select count(*) from receivables_item where company_id = %(company)s
