-- I2: What a booking says it did to an item is what the ledger's row says: item, kind, sum and moment; no row is told of twice.
-- Advice: Compare the booking's parts with the ledger's rows; take the booking back and book the line again.
-- Fast: left out
-- Looks at: parts of bookings.

-- [broken]
with part as (
    select p.*, b.kind as booked_as, b.item_id as payment, b.customer_id as customer, b.booked_at
    from cash_bookedpart p
    join cash_booking b on b.company_id = p.company_id and b.id = p.booking_id
    where p.company_id = %(company)s
), put as (
    select p.booking_id, sum(p.minor) as minor
    from part p
    join receivables_allocation a
        on a.company_id = p.company_id and a.id = p.allocation_id and a.credit_item_id = p.payment
    where p.kind = 'allocated'
    group by p.booking_id
)
select 'booking ' || p.booking_id as object, p.customer, to_jsonb(wrong.what) as difference
from part p
left join receivables_allocation a on a.company_id = p.company_id and a.id = p.allocation_id
left join receivables_entry e on e.company_id = p.company_id and e.item_id = p.item_id and e.id = p.ledger_entry_id
cross join lateral (
    select 'says ' || p.minor || ' of item ' || p.item_id || ', allocation ' || a.id || ' says ' || a.amount_minor as what
    where p.kind = 'allocated' and a.amount_minor <> p.minor
    union all
    select 'names an allocation that does not touch item ' || p.item_id
    where p.kind = 'allocated' and p.item_id not in (a.credit_item_id, a.debit_item_id)
    union all
    select 'put money against item ' || p.item_id || ' and names no allocation'
    where p.kind = 'allocated' and a.id is null
    union all
    select 'says ' || p.minor || ' ' || p.kind || ' of item ' || p.item_id || ', entry ' || e.id || ' says '
           || abs(e.amount_minor) || ' ' || e.kind
    where p.kind <> 'allocated' and (p.kind, p.minor) <> (e.kind, abs(e.amount_minor))
    union all
    select 'took ' || p.kind || ' of item ' || p.item_id || ' and names no entry of it'
    where p.kind <> 'allocated' and e.id is null
    union all
    select 'did it at another moment than the ledger' where p.booked_at <> coalesce(a.recorded_at, e.recorded_at)
    union all
    select 'is ' || p.booked_as || ', its part is ' || p.kind
    where (p.kind in ('returned', 'refunded')) <> (p.booked_as in ('returned', 'refunded'))
       or p.kind in ('returned', 'refunded') and p.kind <> p.booked_as
) wrong
union all
select 'booking ' || b.id, b.customer_id, to_jsonb(put.minor - coalesce(b.exchanged_minor, b.minor))
from put
join cash_booking b on b.company_id = %(company)s and b.id = put.booking_id
where put.minor > coalesce(b.exchanged_minor, b.minor)
union all
select 'booking ' || max(booking_id), max(customer),
       to_jsonb('tells of the same row of the ledger as ' || count(*) - 1 || ' others')
from part
where kind <> 'allocated' or allocation_id is not null
group by coalesce(allocation_id, 0), coalesce(ledger_entry_id, 0), item_id
having count(*) > 1
union all
select 'entry ' || e.id, i.customer_id, to_jsonb('a discount or exchange difference that no booking granted'::text)
from receivables_entry e
join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
where e.company_id = %(company)s and e.kind in ('discount', 'exchange') and e.reverses_id is null
  and not exists (select from part p where p.ledger_entry_id = e.id and p.kind = e.kind)
order by object, difference

-- [checked]
select count(*) from cash_bookedpart where company_id = %(company)s
