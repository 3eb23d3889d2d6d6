-- I26: An item's level is the sum of its rises: at most one per notice, each by a notice that left or a call, none lost, none too early, none after payment.
-- Advice: Keep the customer parked; withdraw the rise that has no notice (the levels' own reversal), or find the notice it lacks.
-- Looks at: level events.

-- [broken]
with event as (
    select e.*, sum(e.raised) over steps as running
    from receivables_levelevent e
    where e.company_id = %(company)s
    window steps as (partition by e.item_id order by e.id)
), standing as (
    select item_id, sum(raised) as level,
           max(effective_on) filter (where not withdrawn and not exists (
               select from receivables_levelevent w
               where w.company_id = event.company_id and w.item_id = event.item_id
                 and w.notice_id = event.notice_id and w.withdrawn
           )) as reminded_on
    from event group by item_id
), ended as (
    select distinct notice_id from dunning_noticeevent
    where company_id = %(company)s and kind in ('accepted', 'printed', 'called')
), faults as (
    select s.item_id, 'stands at level ' || s.level || ', its notices raised it to ' || coalesce(t.level, 0) as what
    from receivables_itemstate s
    left join standing t on t.item_id = s.item_id
    where s.company_id = %(company)s and s.level <> coalesce(t.level, 0)
    union all
    select s.item_id, 'reminded last on ' || coalesce(s.last_reminded_on::text, 'no day') || ', its notices say '
                      || coalesce(t.reminded_on::text, 'no day')
    from receivables_itemstate s
    left join standing t on t.item_id = s.item_id
    where s.company_id = %(company)s and s.last_reminded_on is distinct from t.reminded_on
    union all
    select item_id, 'event ' || id || ' says level ' || level || ', the events before make it ' || running
    from event where level <> running
    union all
    select item_id, 'rose by ' || sum(raised) || ' through notice ' || notice_id
    from event where not withdrawn group by item_id, notice_id having sum(raised) > 1 or count(*) > 1
    union all
    select e.item_id, 'rose through notice ' || e.notice_id || ', which never left or does not demand it'
    from event e
    where not e.withdrawn and not exists (
        select from ended x
        join dunning_noticeline l
          on l.company_id = %(company)s and l.notice_id = x.notice_id and l.kind in ('due', 'upcoming')
        where x.notice_id = e.notice_id and l.item_id = e.item_id
    )
    union all
    select l.item_id, 'did not rise through notice ' || l.notice_id || ', which left'
    from ended x
    join dunning_noticeline l
      on l.company_id = %(company)s and l.notice_id = x.notice_id and l.kind in ('due', 'upcoming')
    where not exists (
        select from event e where e.notice_id = l.notice_id and e.item_id = l.item_id and not e.withdrawn
    )
    union all
    select e.item_id, 'rose through notice ' || n.id || ' ' || (r."on" - b.effective_on) || ' days after notice '
                      || b.notice_id || ', its step demands ' || (s.step ->> 'min_gap_days')
    from event e
    join dunning_notice n on n.company_id = e.company_id and n.id = e.notice_id
    join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
    join dunning_runstep s on s.company_id = n.company_id and s.run_id = n.run_id
                          and s.strategy_version_id = n.strategy_version_id and s.level = n.level
    join event b on b.item_id = e.item_id and b.id < e.id and not b.withdrawn
    where e.raised = 1 and b.recorded_at < r.data_as_of - interval '5 minutes'
      and r."on" - b.effective_on < (s.step ->> 'min_gap_days')::int
      and not exists (
          select from event w where w.item_id = b.item_id and w.notice_id = b.notice_id and w.withdrawn
      )
    union all
    select e.item_id, 'rose through notice ' || n.id || ', though it was settled before its run read the ledger'
    from event e
    join dunning_notice n on n.company_id = e.company_id and n.id = e.notice_id
    join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
    cross join lateral (
        select sum(m.minor) as minor
        from (
            select amount_minor as minor, recorded_at from receivables_entry
            where company_id = e.company_id and item_id = e.item_id
            union all
            select -amount_minor, recorded_at from receivables_allocation
            where company_id = e.company_id and debit_item_id = e.item_id
        ) m
        where m.recorded_at < r.data_as_of - interval '5 minutes'
    ) known
    where e.raised = 1 and e.recorded_at >= %(since)s and known.minor <= 0
)
select 'item ' || f.item_id as object, i.customer_id as customer, to_jsonb(f.what) as difference
from faults f
left join receivables_item i on i.company_id = %(company)s and i.id = f.item_id
order by f.item_id, f.what

-- [checked]
select count(*) from receivables_levelevent where company_id = %(company)s
