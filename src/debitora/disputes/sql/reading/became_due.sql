-- Items that became due in the last periods: their due day lies in one, and they were open on some later day. Period 0 is the newest.
select s.item_id, s.customer_id, k.salesperson_id, s.product_group, (%(until)s::date - s.due_on) / %(days)s as period
from receivables_itemstate s
join receivables_item i on i.company_id = s.company_id and i.id = s.item_id and i.kind in ('invoice', 'charge')
join receivables_customer k on k.company_id = s.company_id and k.id = s.customer_id
where s.company_id = current_setting('app.company')::bigint
  and s.due_on > %(until)s::date - %(days)s * %(periods)s and s.due_on <= %(until)s::date
  and (%(scope)s::bigint[] is null or k.salesperson_id = any(%(scope)s))
  and (s.open_minor > 0
       or exists (select from receivables_entry e
                  where e.company_id = s.company_id and e.item_id = s.item_id and e.amount_minor < 0 and e.effective_on > s.due_on)
       or exists (select from receivables_allocation a
                  where a.company_id = s.company_id and a.debit_item_id = s.item_id and a.effective_on > s.due_on))
