-- I6: A booking names the customer, item and currency that its line and the ledger have, or the rate between two; who paid for another is named.
-- Advice: Take the booking back and book the line again: for the customer whose item it is, in the account's currency.
-- Looks at: bookings.

-- [broken]
with booked as (
    select b.*, a.currency, w.account as payer, e.original_currency as told_currency,
           sign(b.minor) * e.original_minor as told_minor,
           sum(b.exchanged_minor) over (partition by b.entry_id, b.kind, b.reverses_id is null, b.booked_at) as exchanged_in_all,
           min(b.id) filter (where b.kind = 'payment') over (partition by w.account, b.customer_id) as first_payment
    from cash_booking b
    join cash_bankentry e on e.company_id = b.company_id and e.id = b.entry_id
    join cash_bankaccount a on a.company_id = e.company_id and a.id = e.account_id
    left join cash_entrywords w on w.company_id = e.company_id and w.entry_id = e.id
    where b.company_id = %(company)s and b.kind <> 'ignored'
), standing as (
    select payer, customer_id, min(booked_at) as since
    from booked b
    where b.kind = 'payment' and b.reverses_id is null and b.payer <> ''
      and not exists (select from cash_booking r where r.company_id = b.company_id and r.reverses_id = b.id)
    group by payer, customer_id
), shared as (
    select payer from standing group by payer having count(*) > 1
), forgotten as (
    select distinct s.customer_id
    from trail_record r
    join trail_subject s on s.company_id = r.company_id and s.record_id = r.id
    where r.company_id = %(company)s and r.verb in ('payer.forgotten', 'habits.forgotten')
), changed as (
    select s.customer_id, max(r.recorded_at) as at
    from trail_record r
    join trail_subject s on s.company_id = r.company_id and s.record_id = r.id
    where r.company_id = %(company)s and r.verb in ('customer.edited', 'customers.saved') and s.customer_id is not null
    group by s.customer_id
)
select 'booking ' || b.id as object, b.customer_id as customer, to_jsonb(wrong.what) as difference
from booked b
left join receivables_item i on i.company_id = b.company_id and i.id = b.item_id
cross join lateral (values
    ('names another customer than its item', i.customer_id <> b.customer_id),
    ('is in ' || b.currency || ', its item in ' || i.currency || ', and no rate stands between them',
     i.currency <> b.currency and b.exchanged_minor is null),
    ('exchanges ' || b.currency || ' for itself', i.currency = b.currency and b.exchanged_minor is not null),
    ('says that the bank exchanged it, and the bank does not say that',
     b.kind = 'payment' and b.rate_source = 'bank' and (b.told_currency, b.told_minor) is distinct from (i.currency, b.exchanged_in_all)),
    ('booked a ' || i.kind || ' as ' || b.kind,
     not (i.kind = 'payment' or b.kind = 'refunded' and i.kind = 'credit')),
    ('names the customer herself as who paid for her', b.third_party_id = b.customer_id)
) wrong (what, so)
where wrong.so
union all
-- The account had paid for somebody else alone, and nobody had forgotten that: then she is the third party.
select 'booking ' || b.id, b.customer_id, to_jsonb('does not say that customer ' || min(s.customer_id) || ' paid')
from booked b
join shared on shared.payer = b.payer
join standing s on s.payer = b.payer and s.customer_id <> b.customer_id
    and s.since < b.booked_at - interval '5 minutes'
where b.kind = 'payment' and b.reverses_id is null and b.third_party_id is null and b.id = b.first_payment
  and not exists (select from forgotten f where f.customer_id = s.customer_id)
group by b.id, b.customer_id
union all
select 'booking ' || p.booking_id, b.customer_id, to_jsonb('touches item ' || i.id || ' of a customer in no common group')
from cash_bookedpart p
join booked b on b.id = p.booking_id
join receivables_item i on i.company_id = p.company_id and i.id = p.item_id
join receivables_customer payer on payer.company_id = p.company_id and payer.id = b.customer_id
join receivables_customer debtor on debtor.company_id = p.company_id and debtor.id = i.customer_id
where p.company_id = %(company)s and payer.id <> debtor.id
  and coalesce(payer.parent_id, payer.id) <> coalesce(debtor.parent_id, debtor.id)
  and not exists (select from changed c where c.customer_id in (payer.id, debtor.id) and c.at > b.booked_at)
order by object, difference

-- [checked]
select count(*) from cash_booking where company_id = %(company)s and kind <> 'ignored'
