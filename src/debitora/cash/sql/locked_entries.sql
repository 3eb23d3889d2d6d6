-- Entries that shall be booked, locked by ascending id, with their account and what the bank said of the payer. An entry that is only
-- announced may still change, so it is not among them.
select s.entry_id as entry, s.account_id as account, a.currency, s.booked_on, s.minor, s.open_minor, coalesce(w.account, '') as payer
from cash_entrystate s
join cash_bankaccount a on a.company_id = s.company_id and a.id = s.account_id
left join cash_entrywords w on w.company_id = s.company_id and w.entry_id = s.entry_id
where s.company_id = %(company)s and s.entry_id = any(%(entries)s)
  and exists (
      select from cash_telling t
      where t.company_id = s.company_id and t.entry_id = s.entry_id and t.weight in ('final', 'proven')
  )
order by s.entry_id
for no key update of s
