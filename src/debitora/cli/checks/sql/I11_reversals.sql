-- I11: Every reversal takes back exactly one row: the same items and kind, the opposite amount, and only once.
-- Advice: A reversal was written or changed by hand; compare the two rows and append what corrects them.
-- Looks at: reversing entries and allocations.

-- [broken]
select 'entry ' || e.id as object, i.customer_id as customer, to_jsonb(wrong.what) as difference
from receivables_entry e
join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
left join receivables_entry o on o.company_id = e.company_id and o.id = e.reverses_id
cross join lateral (values
    ('takes back another amount, kind or item than entry ' || o.id,
     (e.item_id, e.kind, e.amount_minor) <> (o.item_id, o.kind, -o.amount_minor)),
    ('takes back entry ' || e.reverses_id || ', which another entry takes back as well', exists (
        select from receivables_entry other
        where other.company_id = e.company_id and other.reverses_id = e.reverses_id and other.id < e.id
    ))
) wrong (what, so)
where e.company_id = %(company)s and e.reverses_id is not null and wrong.so
union all
select 'allocation ' || a.id, i.customer_id, to_jsonb(wrong.what)
from receivables_allocation a
join receivables_item i on i.company_id = a.company_id and i.id = a.debit_item_id
left join receivables_allocation o on o.company_id = a.company_id and o.id = a.reverses_id
cross join lateral (values
    ('takes back other items or another amount than allocation ' || a.reverses_id,
     o.reverses_id is not null
     or (a.credit_item_id, a.debit_item_id, a.amount_minor) <> (o.credit_item_id, o.debit_item_id, -o.amount_minor)),
    ('takes back allocation ' || a.reverses_id || ', which another one takes back as well', exists (
        select from receivables_allocation other
        where other.company_id = a.company_id and other.reverses_id = a.reverses_id and other.id < a.id
    ))
) wrong (what, so)
where a.company_id = %(company)s and a.reverses_id is not null and wrong.so
order by object, difference

-- [checked]
select (select count(*) from receivables_entry where company_id = %(company)s and reverses_id is not null)
     + (select count(*) from receivables_allocation where company_id = %(company)s and reverses_id is not null)
