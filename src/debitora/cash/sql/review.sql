-- Bank lines of which something is open, as the list to work through shows them. Conditions, order and limit are appended.
select st.entry_id, st.booked_on, coalesce(w.name, ''), coalesce(w.text, ''), coalesce(w.reference, ''), coalesce(w.account, ''),
       st.account_id, a.account, a.name, a.currency, st.minor, st.open_minor, st.confidence
from cash_entrystate st
join cash_bankaccount a on a.company_id = st.company_id and a.id = st.account_id
left join cash_entrywords w on w.company_id = st.company_id and w.entry_id = st.entry_id
