-- I11: A booking is taken back once, by its opposite, and the ledger with it: what it opened, settled or took off counts no more.
-- Advice: Somebody wrote past the actions. Compare the booking, what takes it back, and the ledger's rows that its parts name.
-- Looks at: bookings.

-- [broken]
with back as (
    select r.id, r.reverses_id, b.id as original, b.kind, b.item_id, r.customer_id, b.reverses_id as already,
           (r.entry_id, r.kind, r.minor, r.ignored_for) = (b.entry_id, b.kind, -b.minor, b.ignored_for)
           and (r.customer_id, r.item_id, r.third_party_id, r.exchanged_minor, r.rate_source)
               is not distinct from (b.customer_id, b.item_id, b.third_party_id, -b.exchanged_minor, b.rate_source) as exact
    from cash_booking r
    left join cash_booking b on b.company_id = r.company_id and b.id = r.reverses_id
    where r.company_id = %(company)s and r.reverses_id is not null
), opening as (
    select e.item_id, sum(e.amount_minor) as minor
    from receivables_entry e
    where e.company_id = %(company)s and e.kind = 'opened'
      and e.item_id in (select item_id from cash_booking where company_id = %(company)s and kind = 'payment')
    group by e.item_id
), named as (
    select p.booking_id, p.kind, p.item_id, p.minor, p.allocation_id, p.ledger_entry_id, b.customer_id,
           exists (select from back where back.reverses_id = p.booking_id) as taken_back,
           exists (
               select from receivables_allocation r
               where r.company_id = p.company_id and r.reverses_id = p.allocation_id
           ) or exists (
               select from receivables_entry r
               where r.company_id = p.company_id and r.item_id = p.item_id and r.reverses_id = p.ledger_entry_id
           ) as undone
    from cash_bookedpart p
    join cash_booking b on b.company_id = p.company_id and b.id = p.booking_id
    where p.company_id = %(company)s
), still as (
    select credit_item_id as item_id, sum(amount_minor) as minor
    from receivables_allocation where company_id = %(company)s group by credit_item_id having sum(amount_minor) <> 0
)
select 'booking ' || b.id as object, b.customer_id as customer, to_jsonb(wrong.what) as difference
from back b
cross join lateral (values
    ('takes back booking ' || b.reverses_id || ', which is itself a reversal or does not exist',
     b.original is null or b.already is not null),
    ('takes back another line, kind, sum, customer or item than booking ' || b.reverses_id, not b.exact),
    ('takes back booking ' || b.reverses_id || ', which another booking takes back as well',
     exists (select from back other where other.reverses_id = b.reverses_id and other.id < b.id)),
    ('took a payment back that still settles items',
     b.kind = 'payment' and exists (select from still s where s.item_id = b.item_id))
) wrong (what, so)
where wrong.so
union all
select 'booking ' || b.id, b.customer_id,
       to_jsonb(case when exists (select from back where back.reverses_id = b.id)
                     then 'was taken back, and its payment counts in the ledger'
                     else 'counts, and its payment is ' || -coalesce(o.minor, 0) || ' in the ledger' end)
from cash_booking b
left join opening o on o.item_id = b.item_id
where b.company_id = %(company)s and b.kind = 'payment' and b.reverses_id is null
  and -coalesce(o.minor, 0) <> case when exists (select from back where back.reverses_id = b.id) then 0 else coalesce(b.exchanged_minor, b.minor) end
union all
select 'booking ' || n.booking_id, n.customer_id,
       to_jsonb(case when n.taken_back then 'was taken back, and what it did to item ' || n.item_id || ' still counts'
                     else 'counts, and what it ' || n.kind || ' was taken back in the ledger' end)
from named n
where n.taken_back and not n.undone
   or not n.taken_back and n.undone and n.kind in ('returned', 'refunded')
order by object, difference

-- [checked]
select count(*) from cash_booking where company_id = %(company)s
