-- What became of the lines that a statement tells, without sign: a payment is matched as far as items took it, then and since.
with told as (
    select st.entry_id, st.minor, st.open_minor
    from cash_telling t
    join cash_entrystate st on st.company_id = t.company_id and st.entry_id = t.entry_id
    where t.company_id = %(company)s and t.statement_id = %(statement)s
),
live as (
    -- What is left of an exchanged payment counts in the account's currency, in proportion.
    select b.kind, abs(b.minor) as minor,
           case when b.kind = 'payment'
                then least(abs(b.minor), round(abs(s.open_minor) * b.minor::numeric / coalesce(b.exchanged_minor, b.minor))::bigint)
                else 0 end as left_minor
    from told
    join cash_booking b on b.company_id = %(company)s and b.entry_id = told.entry_id and b.reverses_id is null
    left join receivables_itemstate s on s.company_id = b.company_id and s.item_id = b.item_id
    where not exists (select from cash_booking r where r.company_id = b.company_id and r.reverses_id = b.id)
),
booked as (
    select coalesce(sum(minor) filter (where kind = 'payment'), 0) as paid,
           coalesce(sum(left_minor), 0) as on_account,
           coalesce(sum(minor) filter (where kind in ('returned', 'refunded')), 0) as paid_out,
           coalesce(sum(minor) filter (where kind = 'ignored'), 0) as ignored
    from live
)
select count(*) as lines, coalesce(sum(abs(told.minor)), 0) as total_minor,
       (select paid - on_account from booked) as matched_minor, (select on_account from booked) as on_account_minor,
       (select paid_out from booked) as paid_out_minor, (select ignored from booked) as ignored_minor,
       coalesce(sum(abs(told.open_minor)), 0) as open_minor
from told
