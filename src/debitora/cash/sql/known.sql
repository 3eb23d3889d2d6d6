-- What an account has on some days: each movement with what tells it from others, and whether balances prove it.
select e.id, e.booked_on, e.minor, e.fingerprint,
    exists (
        select from cash_telling t
        where t.company_id = e.company_id and t.entry_id = e.id and t.weight = 'proven'
    ) as proven,
    w.name, w.account, w.text, w.reference, w.end_to_end, w.bank_reference, f.format
from cash_bankentry e
join cash_statement s on s.company_id = e.company_id and s.id = e.statement_id
join cash_bankfile f on f.company_id = s.company_id and f.id = s.file_id
left join cash_entrywords w on w.company_id = e.company_id and w.entry_id = e.id
where e.company_id = %(company)s and e.account_id = %(account)s and e.booked_on between %(first)s and %(last)s
order by e.id
