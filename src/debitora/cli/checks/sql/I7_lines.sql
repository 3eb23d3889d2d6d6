-- I7: Every cent of a bank line is put against items, on account, returned, paid back, ignored with a reason, or still open.
-- Advice: Money of this line is explained twice or not at all. Take its bookings back, then book it again.
-- Looks at: bank lines.

-- [broken]
with live as (
    select b.*
    from cash_booking b
    where b.company_id = %(company)s and b.reverses_id is null
      and not exists (select from cash_booking r where r.company_id = b.company_id and r.reverses_id = b.id)
), put as (
    select a.credit_item_id as item_id, sum(a.amount_minor) as minor
    from receivables_allocation a
    where a.company_id = %(company)s group by a.credit_item_id
), gone as (
    select e.item_id, sum(e.amount_minor) as minor
    from receivables_entry e
    where e.company_id = %(company)s and e.kind in ('returned', 'refunded') group by e.item_id
), explained (entry_id, minor) as (
    -- Money in, as the ledger has it: against items, sent back since, and on account. What is exchanged is compared in the item's currency.
    select l.entry_id, coalesce(put.minor, 0) + coalesce(gone.minor, 0) - coalesce(s.open_minor, 0)
                       + l.minor - coalesce(l.exchanged_minor, l.minor)
    from live l
    left join receivables_itemstate s on s.company_id = %(company)s and s.item_id = l.item_id
    left join put on put.item_id = l.item_id
    left join gone on gone.item_id = l.item_id
    where l.kind = 'payment'
    union all
    -- Money out: the ledger's rows that it made.
    select l.entry_id, -e.amount_minor + l.minor - coalesce(l.exchanged_minor, l.minor)
    from live l
    join cash_bookedpart p on p.company_id = l.company_id and p.booking_id = l.id
    join receivables_entry e on e.company_id = p.company_id and e.item_id = p.item_id and e.id = p.ledger_entry_id
    where l.kind in ('returned', 'refunded')
    union all
    select entry_id, minor from live where kind = 'ignored' and ignored_for <> ''
), summed as (
    select entry_id, sum(minor) as minor from explained group by entry_id
)
select 'bank line ' || e.id as object, null::bigint as customer,
       to_jsonb(e.minor - coalesce(x.minor, 0) - coalesce(s.open_minor, 0)) as difference
from cash_bankentry e
left join cash_entrystate s on s.company_id = e.company_id and s.entry_id = e.id
left join summed x on x.entry_id = e.id
where e.company_id = %(company)s and e.minor <> coalesce(x.minor, 0) + coalesce(s.open_minor, 0)
order by e.id

-- [checked]
select count(*) from cash_bankentry where company_id = %(company)s
