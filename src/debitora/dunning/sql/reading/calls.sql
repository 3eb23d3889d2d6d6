-- Calls that are due: notices that nobody was reached about yet, with the customer's number and what was tried.
-- What is telephoned about is shown as it stands now: the open sums of the notice's due items.
select n.id, n.number, n.run_id, r.on, n.level, n.currency, n.total_minor, owed.items, owed.open_minor, owed.due_on,
       n.customer_id, c.number as customer_number, p.name as customer_name, p.contact_name, p.phone,
       tried.times, coalesce(tried.outcome, '') as outcome, tried.called_at
from dunning_noticeevent due
join dunning_notice n on n.company_id = due.company_id and n.id = due.notice_id
join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
cross join lateral (
    select count(*)::int as items, coalesce(sum(s.open_minor), 0)::bigint as open_minor, min(s.due_on) as due_on
    from dunning_noticeline l
    join receivables_itemstate s on s.company_id = l.company_id and s.item_id = l.item_id
    where l.company_id = n.company_id and l.notice_id = n.id and l.kind in ('due', 'upcoming') and s.open_minor > 0
) owed
cross join lateral (
    select count(*)::int as times, max(k.called_at) as called_at, (array_agg(k.outcome order by k.id desc))[1] as outcome
    from messaging_call k
    where k.company_id = n.company_id and k.kind = 'notice' and k.subject_id = n.id
      and not exists (select from messaging_callundo u where u.company_id = k.company_id and u.call_id = k.id)
) tried
