-- Payments that open outgoing lines may take back, and what they share with the line: the payer's reference or the bank's, the mandate,
-- the account (none that was exchanged: the rate back is another); or, where the bank says that something came back, the amount alone. At most ten for a line, the closest and latest first.
with line as materialized (
    select s.entry_id, a.currency, s.booked_on, -s.open_minor as minor, e.fee_minor, coalesce(w.account, '') as account,
           coalesce(w.end_to_end, '') as end_to_end, coalesce(w.mandate, '') as mandate, coalesce(w.bank_reference, '') as bank_reference,
           e.reversal or e.return_reason <> '' or concat_ws(' ', w.name, w.text) ~* %(words)s as says_return
    from cash_entrystate s
    join cash_bankentry e on e.company_id = s.company_id and e.id = s.entry_id
    join cash_bankaccount a on a.company_id = s.company_id and a.id = s.account_id
    left join cash_entrywords w on w.company_id = s.company_id and w.entry_id = s.entry_id
    where s.open_minor < 0
), paid as materialized (
    select b.item_id, b.customer_id, a.currency, e.booked_on, (b.minor + coalesce(back.minor, 0))::bigint as minor, coalesce(w.account, '') as account,
           coalesce(w.end_to_end, '') as end_to_end, coalesce(w.mandate, '') as mandate, coalesce(w.bank_reference, '') as bank_reference
    from cash_booking b
    join cash_bankentry e on e.company_id = b.company_id and e.id = b.entry_id
    join cash_bankaccount a on a.company_id = e.company_id and a.id = e.account_id
    left join cash_entrywords w on w.company_id = b.company_id and w.entry_id = b.entry_id
    left join (
        select item_id, sum(minor) as minor from cash_booking where kind = 'returned' group by item_id
    ) back on back.item_id = b.item_id
    where b.kind = 'payment' and b.reverses_id is null and b.exchanged_minor is null and b.minor + coalesce(back.minor, 0) > 0
      and not exists (select from cash_booking r where r.company_id = b.company_id and r.reverses_id = b.id)
      and e.booked_on >= (select min(booked_on) - %(back)s::int from line)
), shared as (
    select l.entry_id, p.item_id from line l join paid p using (end_to_end) where end_to_end <> ''
    union
    select l.entry_id, p.item_id from line l join paid p using (bank_reference) where bank_reference <> ''
    union
    select l.entry_id, p.item_id from line l join paid p using (mandate) where mandate <> ''
    union
    select l.entry_id, p.item_id from line l join paid p using (account) where account <> ''
    union
    select l.entry_id, p.item_id from line l join paid p using (minor) where l.says_return
    union
    select l.entry_id, p.item_id from line l join paid p on p.minor = l.minor - l.fee_minor
    where l.says_return and l.fee_minor > 0
), found as (
    select l.entry_id, p.item_id, p.customer_id, p.minor, p.booked_on,
           l.end_to_end <> '' and l.end_to_end = p.end_to_end
               or l.bank_reference <> '' and l.bank_reference = p.bank_reference as reference,
           l.mandate <> '' and l.mandate = p.mandate as mandate, l.account <> '' and l.account = p.account as account
    from shared s
    join line l on l.entry_id = s.entry_id
    join paid p on p.item_id = s.item_id
    where p.currency = l.currency and p.booked_on between l.booked_on - %(back)s::int and l.booked_on
      and p.minor between l.minor - greatest(l.fee_minor, case when l.says_return then %(most_fee)s::bigint else 0 end) and l.minor
), ranked as (
    select *, row_number() over (
        partition by entry_id order by reference desc, mandate desc, account desc, minor desc, booked_on desc, item_id
    ) as place
    from found
)
select entry_id as entry, item_id as item, customer_id as customer, minor, reference, mandate, account
from ranked where place <= 10
order by entry_id, place
