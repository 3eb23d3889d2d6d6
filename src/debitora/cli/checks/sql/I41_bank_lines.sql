-- I41: What a booking, its parts, the state of a bank line or a proposal names exists in its own company, as their writers prove.
-- Advice: The row names nothing, or another company's. Find out who wrote it; take the booking back and book the line again.
-- Fast: left out
-- Looks at: states of bank lines, bookings, parts, proposals.

-- [broken]
with dangling (source, id, what, customer) as (
    select 'state of bank line', s.entry_id, wrong.what, null::bigint
    from cash_entrystate s
    left join cash_bankentry e on e.company_id = s.company_id and e.id = s.entry_id
    left join cash_bankaccount a on a.company_id = s.company_id and a.id = s.account_id
    cross join lateral (values ('line', e.id is null), ('account', a.id is null)) wrong (what, so)
    where s.company_id = %(company)s and (e.id is null or a.id is null) and wrong.so
    union all
    select 'booking', b.id, wrong.what, c.id
    from cash_booking b
    left join cash_bankentry e on e.company_id = b.company_id and e.id = b.entry_id
    left join receivables_customer c on c.company_id = b.company_id and c.id = b.customer_id
    left join receivables_item i on i.company_id = b.company_id and i.id = b.item_id
    left join receivables_customer t on t.company_id = b.company_id and t.id = b.third_party_id
    left join trail_wording w on w.company_id = b.company_id and w.id = b.wording_id
    left join cash_booking o on o.company_id = b.company_id and o.id = b.reverses_id
    cross join lateral (values
        ('line', e.id is null), ('customer', b.customer_id is not null and c.id is null),
        ('item', b.item_id is not null and i.id is null), ('third party', b.third_party_id is not null and t.id is null),
        ('words', b.wording_id is not null and w.id is null),
        ('booking that it takes back', b.reverses_id is not null and o.id is null)
    ) wrong (what, so)
    where b.company_id = %(company)s and wrong.so
    union all
    select 'part of booking ' || p.booking_id || ',', p.id, wrong.what, b.customer_id
    from cash_bookedpart p
    left join cash_booking b on b.company_id = p.company_id and b.id = p.booking_id
    left join receivables_item i on i.company_id = p.company_id and i.id = p.item_id
    left join receivables_allocation a on a.company_id = p.company_id and a.id = p.allocation_id
    cross join lateral (values
        ('booking', b.id is null), ('item', i.id is null), ('allocation', p.allocation_id is not null and a.id is null)
    ) wrong (what, so)
    where p.company_id = %(company)s and wrong.so
    union all
    select 'proposal', p.id, wrong.what, c.id
    from cash_proposal p
    left join cash_bankentry e on e.company_id = p.company_id and e.id = p.entry_id
    left join receivables_customer c on c.company_id = p.company_id and c.id = p.customer_id
    cross join lateral (values
        ('line', e.id is null), ('customer', p.customer_id is not null and c.id is null)
    ) wrong (what, so)
    where p.company_id = %(company)s and (e.id is null or c.id is null) and wrong.so
)
select source || ' ' || id as object, customer, to_jsonb('names no ' || what || ' of this company') as difference
from dangling
order by object, what

-- [checked]
select (select count(*) from cash_entrystate where company_id = %(company)s)
     + (select count(*) from cash_booking where company_id = %(company)s)
     + (select count(*) from cash_bookedpart where company_id = %(company)s)
     + (select count(*) from cash_proposal where company_id = %(company)s)
