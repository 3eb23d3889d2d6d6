-- I2: A payment is what was put against items, returned, paid back and is left of it, and as much as its bank line brought (exchanged,
--     as much as that counts as).
-- Advice: Compare the booking with its bank line and with the item's allocations; release what is too much, or take the booking back.
-- Looks at: payments that banks told.

-- [broken]
with payment as (
    select b.id, b.item_id, b.customer_id, coalesce(b.exchanged_minor, b.minor) as minor
    from cash_booking b
    where b.company_id = %(company)s and b.kind = 'payment' and b.reverses_id is null
      and not exists (select from cash_booking r where r.company_id = b.company_id and r.reverses_id = b.id)
), put as (
    select credit_item_id as item_id, sum(amount_minor) as minor
    from receivables_allocation where company_id = %(company)s group by credit_item_id
), gone as (
    select item_id, sum(amount_minor) as minor
    from receivables_entry
    where company_id = %(company)s and kind in ('returned', 'refunded') group by item_id
), owed as (
    select i.id, i.customer_id, count(b.id) as bookings
    from receivables_item i
    join documents_source s on s.company_id = i.company_id and s.id = i.source_id and s.kind = 'bank'
    left join cash_booking b
        on b.company_id = i.company_id and b.item_id = i.id and b.kind = 'payment' and b.reverses_id is null
    where i.company_id = %(company)s
    group by i.id, i.customer_id
    having count(b.id) <> 1
)
select 'payment ' || p.item_id as object, p.customer_id as customer,
       to_jsonb(p.minor - (coalesce(put.minor, 0) + coalesce(gone.minor, 0) - coalesce(s.open_minor, 0))) as difference
from payment p
left join receivables_itemstate s on s.company_id = %(company)s and s.item_id = p.item_id
left join put on put.item_id = p.item_id
left join gone on gone.item_id = p.item_id
where p.minor <> coalesce(put.minor, 0) + coalesce(gone.minor, 0) - coalesce(s.open_minor, 0)
union all
select 'payment ' || p.item_id, p.customer_id, to_jsonb('more was put against items than there is of it'::text)
from payment p
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = p.item_id
where s.open_minor > 0
union all
select 'payment ' || id, customer_id,
       to_jsonb(case when bookings = 0 then 'no bank line says that it came'
                     else 'is booked from ' || bookings || ' bank lines' end)
from owed
order by object, difference

-- [checked]
select count(*) from cash_booking where company_id = %(company)s and kind = 'payment' and reverses_id is null
