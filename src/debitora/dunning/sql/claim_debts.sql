-- What may bear interest or a lump sum, of the staged items: no credits, no charges (interest bears none, § 289 BGB). The first notice
-- after the due day that reached the debtor: accepted, or printed and presumed received three days later; a call proves nothing, and
-- a friendly word (`FRIENDLY` of rules.default) counts only where the law asks for a free reminder.
select a.item_id, a.policy_id, s.due_on, i.issued_on,
       i.amount_minor + coalesce(raised.minor, 0) as principal_minor,
       first.received_on,
       l.accrued_minor - l.waived_minor - l.paid_minor - l.booked_minor as lump_sum_minor,
       coalesce(c.waived_minor + c.paid_minor + c.booked_minor, 0) as settled_minor
from claim_lines a
join receivables_item i on i.company_id = current_setting('app.company')::bigint and i.id = a.item_id and i.kind <> 'charge'
join receivables_itemstate s on s.company_id = i.company_id and s.item_id = i.id
left join receivables_claim c on c.company_id = i.company_id and c.item_id = i.id and c.kind = 'interest'
left join receivables_claim l on l.company_id = i.company_id and l.item_id = i.id and l.kind = 'lump_sum' and l.accrued_minor > 0
left join lateral (
    select sum(e.amount_minor)::bigint as minor from receivables_entry e
    where e.company_id = i.company_id and e.item_id = i.id and e.kind <> 'opened' and e.amount_minor > 0 and e.reverses_id is null
      and not exists (select from receivables_entry r where r.company_id = e.company_id and r.item_id = e.item_id and r.reverses_id = e.id)
) raised on true
left join lateral (
    select min(e.effective_on + case when sent.printed then 3 else 0 end) as received_on
    from receivables_levelevent e
    join dunning_notice o on o.company_id = e.company_id and o.id = e.notice_id
    left join dunning_runstep t
      on t.company_id = o.company_id and t.run_id = o.run_id and t.strategy_version_id = o.strategy_version_id and t.level = o.level
    cross join lateral (
        select bool_or(n.kind = 'printed') as printed, bool_or(n.kind = 'called') as called
        from dunning_noticeevent n
        where n.company_id = e.company_id and n.notice_id = e.notice_id and n.kind in ('printed', 'called')
    ) sent
    where e.company_id = i.company_id and e.item_id = i.id and not e.withdrawn and sent.called is not true
      and (a.free or t.step ->> 'text' is distinct from 'reminder')
      and e.effective_on + case when sent.printed then 3 else 0 end > s.due_on
      and not exists (
          select from receivables_levelevent w
          where w.company_id = e.company_id and w.item_id = e.item_id and w.notice_id = e.notice_id and w.withdrawn
      )
) first on s.last_reminded_on is not null
