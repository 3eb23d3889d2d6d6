-- I45: What a bank line's state says follows from rows: what is open from the line and its bookings, day and account from the line.
-- Advice: Read the line's bookings; the projection (state of the line) or one of those rows was changed by hand.
-- Looks at: bank lines.

-- [broken]
with booked as (
    select entry_id, sum(minor) as minor, min(minor) filter (where reverses_id is null) as least,
           max(minor) filter (where reverses_id is null) as most,
           bool_or(kind = 'payment') as paid, bool_or(kind in ('returned', 'refunded')) as outgoing
    from cash_booking where company_id = %(company)s group by entry_id
), final as (
    select distinct entry_id from cash_telling
    where company_id = %(company)s and weight in ('final', 'proven')
)
select 'bank line ' || e.id as object, null::bigint as customer,
       case when s.entry_id is null then to_jsonb('has no state'::text)
            else to_jsonb(s.open_minor - (e.minor - coalesce(b.minor, 0))) end as difference
from cash_bankentry e
left join cash_entrystate s on s.company_id = e.company_id and s.entry_id = e.id
left join booked b on b.entry_id = e.id
where e.company_id = %(company)s and s.open_minor is distinct from e.minor - coalesce(b.minor, 0)
union all
select 'bank line ' || e.id, null, to_jsonb(wrong.what)
from cash_bankentry e
join cash_entrystate s on s.company_id = e.company_id and s.entry_id = e.id
left join booked b on b.entry_id = e.id
cross join lateral (values
    ('amount, day or account differ from the line''s',
     (s.minor, s.booked_on, s.account_id) <> (e.minor, e.booked_on, e.account_id)),
    ('brought money, and a booking took money out', e.minor > 0 and (b.least < 0 or b.outgoing)),
    ('took money out, and a booking brought some', e.minor < 0 and (b.most > 0 or b.paid)),
    ('is only announced, and is booked',
     b.entry_id is not null and not exists (select from final f where f.entry_id = e.id))
) wrong (what, so)
where e.company_id = %(company)s and wrong.so
union all
select distinct 'bank line ' || p.entry_id, p.customer_id, to_jsonb('nothing of it is open, and a proposal waits'::text)
from cash_proposal p
join cash_entrystate s on s.company_id = p.company_id and s.entry_id = p.entry_id
where p.company_id = %(company)s and s.open_minor = 0
order by object, difference

-- [checked]
select count(*) from cash_bankentry where company_id = %(company)s
