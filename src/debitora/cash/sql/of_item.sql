-- The bank lines behind an item: what live bookings did to it, and the booking that it came from.
select b.entry_id as entry, e.booked_on as day, coalesce(w.name, '') as name, did.kind, did.minor,
       case when did.kind = 'origin' then a.currency else i.currency end as currency,
       b.booked_by_label as by, b.booked_at as at
from (
    select p.booking_id, p.kind, p.minor
    from cash_bookedpart p
    where p.company_id = current_setting('app.company')::bigint and p.item_id = %(item)s
    union all
    select b.id, 'origin', abs(b.minor)
    from cash_booking b
    where b.company_id = current_setting('app.company')::bigint and b.item_id = %(item)s and b.kind = 'payment'
) did (booking_id, kind, minor)
join cash_booking b on b.company_id = current_setting('app.company')::bigint and b.id = did.booking_id
join cash_bankentry e on e.company_id = b.company_id and e.id = b.entry_id
join receivables_item i on i.company_id = b.company_id and i.id = %(item)s
join cash_bankaccount a on a.company_id = e.company_id and a.id = e.account_id
left join cash_entrywords w on w.company_id = e.company_id and w.entry_id = e.id
where b.reverses_id is null
  and not exists (select from cash_booking r where r.company_id = b.company_id and r.reverses_id = b.id)
order by e.booked_on, b.id, did.kind, did.minor
