-- The first notice after the due day that reached the debtor, of each staged item that was reminded: accepted, or printed and
-- presumed received three days later; a call proves nothing, and a friendly word (`FRIENDLY` of rules.default) counts only where
-- the law asks for a free reminder.
with risen as materialized (
    select a.item_id, a.due_on, a.free, e.notice_id, e.effective_on
    from claim_reminded a
    join receivables_levelevent e
      on e.company_id = current_setting('app.company')::bigint and e.item_id = a.item_id and not e.withdrawn
    where not exists (
        select from receivables_levelevent w
        where w.company_id = current_setting('app.company')::bigint and w.item_id = e.item_id and w.notice_id = e.notice_id
          and w.withdrawn
    )
), notices as materialized (
    select n.notice_id, coalesce(t.step ->> 'text' = 'reminder', false) as friendly,
           coalesce(bool_or(v.kind = 'printed'), false) as printed, coalesce(bool_or(v.kind = 'called'), false) as called
    from (select distinct notice_id from risen) n
    join dunning_notice o on o.company_id = current_setting('app.company')::bigint and o.id = n.notice_id
    left join dunning_runstep t
      on t.company_id = o.company_id and t.run_id = o.run_id and t.strategy_version_id = o.strategy_version_id and t.level = o.level
    left join dunning_noticeevent v
      on v.company_id = o.company_id and v.notice_id = o.id and v.kind in ('printed', 'called')
    group by n.notice_id, friendly
)
select r.item_id, min(r.effective_on + case when n.printed then 3 else 0 end) as received_on
from risen r
join notices n on n.notice_id = r.notice_id
where not n.called and (r.free or not n.friendly) and r.effective_on + case when n.printed then 3 else 0 end > r.due_on
group by r.item_id
