-- I3: No item is settled beyond what it was raised to: replayed, its open amount lies between zero and the raising entries.
-- Advice: Release allocations of the item until it fits; find out how they came past the constraint.
-- Fast: left out
-- Looks at: items.

-- [broken]
with moved as (
    select item_id, sum(amount_minor) as minor,
           sum(amount_minor) filter (where kind in ('opened', 'corrected', 'charged')) as raised
    from receivables_entry where company_id = %(company)s group by item_id
), settled as (
    select debit_item_id as item_id, sum(amount_minor) as minor
    from receivables_allocation where company_id = %(company)s group by debit_item_id
), given as (
    select credit_item_id as item_id, sum(amount_minor) as minor
    from receivables_allocation where company_id = %(company)s group by credit_item_id
), replayed as (
    select i.id, i.customer_id, case when i.kind in ('invoice', 'charge') then 1 else -1 end as side,
           coalesce(m.minor, 0) - coalesce(s.minor, 0) + coalesce(g.minor, 0) as open_minor,
           coalesce(m.raised, 0) as raised_minor
    from receivables_item i
    left join moved m on m.item_id = i.id
    left join settled s on s.item_id = i.id
    left join given g on g.item_id = i.id
    where i.company_id = %(company)s
)
select 'item ' || id as object, customer_id as customer,
       to_jsonb(case when sign(open_minor) in (0, sign(raised_minor)) then open_minor - raised_minor
                     else open_minor end) as difference
from replayed
where open_minor not between least(raised_minor, 0) and greatest(raised_minor, 0) or side * raised_minor < 0
order by id

-- [checked]
select count(*) from receivables_item where company_id = %(company)s
