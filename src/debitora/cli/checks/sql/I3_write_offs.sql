-- I3: What was written off by a decision stands in the ledger with just its amount, and above the limit two people decided.
-- Advice: Reverse the write-off and propose it again; ask who had access to the database if nobody reversed it.
-- Looks at: decisions about write-offs.

-- [broken]
with booked as (
    select d.id, d.write_off_id, d.entry, d.within_limit, d.proposed_by_id, d.done_by_id, w.customer_id, w.item_id, w.amount_minor,
           -- What one person could decide alone at that moment.
           coalesce((select l.minor from receivables_writeofflimit l
                     where l.company_id = d.company_id and l.chosen_at <= d.done_at order by l.id desc limit 1), 0) as limit_minor,
           i.currency, c.currency as own_currency
    from receivables_writeoffstep d
    join receivables_writeoff w on w.company_id = d.company_id and w.id = d.write_off_id
    join receivables_item i on i.company_id = w.company_id and i.id = w.item_id
    join people_company c on c.id = d.company_id
    where d.company_id = %(company)s and d.kind = 'booked'
)
select 'write-off ' || b.write_off_id as object, b.customer_id as customer, to_jsonb(wrong.what) as difference
from booked b
left join receivables_entry e on e.company_id = %(company)s and e.item_id = b.item_id and e.id = b.entry
cross join lateral (values
    ('has no entry in the ledger', e.id is null),
    ('gives up ' || b.amount_minor || ', its entry ' || -e.amount_minor,
     e.id is not null and (e.amount_minor <> -b.amount_minor or e.kind <> 'written_off' or e.reverses_id is not null)),
    ('was decided by one person above the limit',
     b.within_limit and (b.amount_minor > b.limit_minor or b.currency <> b.own_currency))
) wrong (what, so)
where wrong.so
union all
select 'write-off ' || r.write_off_id, w.customer_id, to_jsonb('is reversed, and its entry is not'::text)
from receivables_writeoffstep r
join receivables_writeoff w on w.company_id = r.company_id and w.id = r.write_off_id
where r.company_id = %(company)s and r.kind = 'reversed' and not exists (
    select from receivables_entry e
    where e.company_id = r.company_id and e.item_id = w.item_id and e.id = r.entry and e.reverses_id is not null
      and e.amount_minor = w.amount_minor
)
order by object, difference

-- [checked]
select count(*) from receivables_writeoffstep where company_id = %(company)s
