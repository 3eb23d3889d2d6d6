-- Money that came in and is still open, with all that the bank said of it; what is only announced is left out.
select s.entry_id, a.currency, s.open_minor, s.booked_on, coalesce(w.account, ''), coalesce(w.name, ''),
       concat_ws(' ', w.text, w.reference, w.end_to_end, w.mandate), e.original_currency,
       case when s.open_minor = s.minor then greatest(e.original_minor, 0) else 0 end
from cash_entrystate s
join cash_bankentry e on e.company_id = s.company_id and e.id = s.entry_id
join cash_bankaccount a on a.company_id = s.company_id and a.id = s.account_id
left join cash_entrywords w on w.company_id = s.company_id and w.entry_id = s.entry_id
where s.open_minor > 0 and exists (
    select from cash_telling t
    where t.company_id = s.company_id and t.entry_id = s.entry_id and t.weight in ('final', 'proven')
)
order by s.booked_on, s.entry_id
