-- New movements with their words, and the statement's word for them and for those that it repeats.
with made as (
    insert into cash_bankentry (
        company_id, account_id, statement_id, place, booked_on, valued_on, minor, fingerprint, occurrence, code, reversal,
        return_reason, fee_minor, original_minor, original_currency, recorded_at
    )
    select %(company)s, %(account)s, %(statement)s, l.place, l.booked_on, l.valued_on, l.minor, l.fingerprint, l.occurrence,
        coalesce(l.code, ''), l.reversal, coalesce(l.return_reason, ''), l.fee_minor, l.original_minor,
        coalesce(l.original_currency, ''), %(at)s
    from pg_temp.cash_line l
    where l.entry is null
    order by l.line
    returning id, booked_on, fingerprint, occurrence
),
named as (
    select made.id, l.*
    from made join pg_temp.cash_line l using (booked_on, fingerprint, occurrence)
    where l.entry is null
),
said as (
    insert into cash_entrywords (
        company_id, entry_id, name, account, bank, text, reference, end_to_end, mandate, bank_reference, batch
    )
    select %(company)s, n.id, coalesce(n.name, ''), coalesce(n.account, ''), coalesce(n.bank, ''), coalesce(n.text, ''),
        coalesce(n.reference, ''), coalesce(n.end_to_end, ''), coalesce(n.mandate, ''), coalesce(n.bank_reference, ''),
        coalesce(n.batch, '')
    from named n
),
standing as (
    insert into cash_entrystate (company_id, entry_id, account_id, booked_on, minor, open_minor)
    select %(company)s, n.id, %(account)s, n.booked_on, n.minor, n.minor
    from named n
)
insert into cash_telling (company_id, statement_id, entry_id, weight)
select %(company)s, %(statement)s, told.entry, %(weight)s
from (
    select id as entry from made
    union all
    select entry from pg_temp.cash_line where entry is not null
) told
order by told.entry
