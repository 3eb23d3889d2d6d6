-- A sample of the lines that claim interest, with the facts as they were recorded until the horizon of their run.
with sampled as materialized (
    select n.id as notice, l.item_id as item, n.customer_id, l.interest, r.on, n.run_id, n.strategy_version_id,
           r.data_as_of + %(horizon)s::interval as known_at
    from dunning_notice n
    join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
    cross join lateral unnest(n.line_items, n.line_interest_minor) as l (item_id, interest)
    where n.company_id = %(company)s and n.interest_minor > 0 and l.interest > 0 and r.created_at >= %(replay_since)s
      and not exists (select from dunning_rate a where a.company_id = n.company_id)
    order by md5(n.id || ':' || l.item_id), n.id, l.item_id
    limit %(sample)s
), moved as materialized (
    select s.notice, s.item, e.effective_on as counts_on, e.amount_minor as minor
    from sampled s
    join receivables_entry e
      on e.company_id = %(company)s and e.item_id = s.item and e.kind <> 'opened' and e.reverses_id is null
     and e.recorded_at <= s.known_at
    where not exists (
        select from receivables_entry r
        where r.company_id = e.company_id and r.item_id = e.item_id and r.reverses_id = e.id and r.recorded_at <= s.known_at
    )
    union all
    select s.notice, s.item, a.effective_on, -a.amount_minor
    from sampled s
    join receivables_allocation a
      on a.company_id = %(company)s and a.debit_item_id = s.item and a.reverses_id is null and a.recorded_at <= s.known_at
    where not exists (
        select from receivables_allocation r
        where r.company_id = a.company_id and r.reverses_id = a.id and r.recorded_at <= s.known_at
    )
), reminded as materialized (
    select s.notice, s.item, v.effective_on, coalesce(bool_or(o.kind = 'printed'), false) as by_post,
           coalesce(bool_or(o.kind = 'called'), false) as called, coalesce(t.step ->> 'text' = 'reminder', false) as friendly
    from sampled s
    join receivables_levelevent v
      on v.company_id = %(company)s and v.item_id = s.item and not v.withdrawn and v.recorded_at <= s.known_at
    join dunning_notice m on m.company_id = v.company_id and m.id = v.notice_id
    left join dunning_runstep t
      on t.company_id = m.company_id and t.run_id = m.run_id and t.strategy_version_id = m.strategy_version_id and t.level = m.level
    left join dunning_noticeevent o
      on o.company_id = m.company_id and o.notice_id = m.id and o.kind in ('printed', 'called')
    where not exists (
        select from receivables_levelevent w
        where w.company_id = v.company_id and w.item_id = v.item_id and w.notice_id = v.notice_id and w.withdrawn
          and w.recorded_at <= s.known_at
    )
    group by s.notice, s.item, v.id, v.effective_on, friendly
)
select s.notice, s.item, s.customer_id as customer, s.interest as claimed, s.on, p.policy::text, c.country, t.due_on, i.issued_on,
       i.amount_minor + coalesce((
           select sum(m.minor) from moved m where m.notice = s.notice and m.item = s.item and m.minor > 0
       ), 0)::bigint as principal,
       coalesce((
           select jsonb_agg(jsonb_build_array(m.counts_on, -m.minor)) from moved m
           where m.notice = s.notice and m.item = s.item and m.minor < 0
       ), '[]')::text as paid,
       coalesce((
           select jsonb_agg(jsonb_build_array(d.effective_on, d.by_post, not d.friendly)) from reminded d
           where d.notice = s.notice and d.item = s.item and not d.called
       ), '[]')::text as reminded,
       coalesce((
           select sum(case when e.kind in ('waived', 'paid', 'booked') then e.minor
                           when e.kind in ('restored', 'unpaid', 'unbooked') then -e.minor else 0 end)
           from receivables_claim k
           join receivables_claimentry e on e.company_id = k.company_id and e.claim_id = k.id
           where k.company_id = %(company)s and k.item_id = s.item and k.kind = 'interest' and e.recorded_at <= s.known_at
       ), 0)::bigint as settled
from sampled s
join receivables_item i on i.company_id = %(company)s and i.id = s.item
join dunning_strategyversion p on p.company_id = %(company)s and p.id = s.strategy_version_id
join people_company c on c.id = %(company)s
cross join lateral (
    select d.due_on from receivables_terms d
    where d.company_id = %(company)s and d.item_id = s.item
    order by (d.recorded_at <= s.known_at) desc, case when d.recorded_at <= s.known_at then d.id else -d.id end desc
    limit 1
) t
order by s.notice, s.item
