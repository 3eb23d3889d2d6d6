-- Bookings with their parts; each lowers what is open of its entry, and what is closed needs no proposal any more.
insert into cash_booking (
    id, company_id, entry_id, kind, minor, customer_id, item_id, exchanged_minor, rate_source, third_party_id, ignored_for, wording_id, origin, confidence,
    proposal, booked_at, booked_by_label
)
select id, %(company)s, entry, kind, minor, customer, item, exchanged, coalesce(rate_source, ''), third_party, ignored_for, %(wording)s, origin, confidence,
       proposal::jsonb, %(at)s, %(by)s
from cash_made order by id;

-- The planner shall know of many, before it plans how their parts are held against them.
select cash_learn_growth() from (select count(*) as made from cash_made) many where made >= 1000;

insert into cash_bookedpart (company_id, booking_id, item_id, kind, minor, allocation_id, ledger_entry_id)
select %(company)s, booking, item, kind, minor, allocation, ledger_entry from cash_part order by part;

update cash_entrystate s
set open_minor = s.open_minor - made.minor, confidence = null
from (select entry, sum(minor) as minor from cash_made group by entry) made
where s.company_id = %(company)s and s.entry_id = made.entry;

delete from cash_proposal p
using cash_made m
where p.company_id = %(company)s and p.entry_id = m.entry
