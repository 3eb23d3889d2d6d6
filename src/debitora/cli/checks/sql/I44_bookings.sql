-- I44: Every booking has a trail record of the same moment that says what was done with a bank line.
-- Advice: Somebody booked past the actions. Ask who had access to the database at that moment, and why.
-- Looks at: bookings.

-- [broken]
with told as (
    select distinct r.verb, r.recorded_at, s.object_id as entry_id
    from trail_record r
    left join trail_subject s on s.company_id = r.company_id and s.record_id = r.id and s.kind = 'bank_entry'
    where r.company_id = %(company)s and r.verb in (
        'bank_entries.booked', 'bank_entry.ignored', 'bank_entry.returned', 'bank_entry.refunded', 'booking.taken_back'
    )
)
-- Of many lines that were booked at once the record names some.
select 'booking ' || b.id as object, b.customer_id as customer, to_jsonb('no record of ' || b.booked_at) as difference
from cash_booking b
where b.company_id = %(company)s and not exists (
    select from told t
    where t.recorded_at = b.booked_at and (t.entry_id = b.entry_id or t.verb = 'bank_entries.booked')
      and t.verb = any(case
          when b.reverses_id is not null then '{booking.taken_back}'::text[]
          when b.kind = 'payment' then '{bank_entries.booked}'
          when b.kind = 'ignored' then '{bank_entry.ignored,bank_entry.returned}'
          else array['bank_entry.' || b.kind] end)
)
order by b.id

-- [checked]
select count(*) from cash_booking where company_id = %(company)s
