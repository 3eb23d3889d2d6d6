-- Money that went out and is still open, with all that the bank said of it; what is only announced is left out.
select s.entry_id as entry, s.open_minor as minor, e.fee_minor, e.reversal, e.return_reason as reason,
       concat_ws(' ', w.name, w.text) as text, coalesce(w.account, '') as account, coalesce(w.name, '') as name, e.code
from cash_entrystate s
join cash_bankentry e on e.company_id = s.company_id and e.id = s.entry_id
left join cash_entrywords w on w.company_id = s.company_id and w.entry_id = s.entry_id
where s.open_minor < 0 and exists (
    select from cash_telling t
    where t.company_id = s.company_id and t.entry_id = s.entry_id and t.weight in ('final', 'proven')
)
order by s.booked_on, s.entry_id
