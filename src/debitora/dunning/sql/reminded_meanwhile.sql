-- Of some notices those with an item that was reminded of since their run was read, or that stands on another notice on its
-- way. From notice to lines to items to whatever else names them, each step along its key (lateral, offset 0): tables that
-- grew a minute ago have no statistics yet, and a planner who believes that a company has one row goes the other way round.
with mine as materialized (
    select n.company_id, n.id as notice_id, n.customer_id, l.item_id, u.data_as_of
    from dunning_notice n
    join dunning_run u on u.company_id = n.company_id and u.id = n.run_id
    cross join lateral (
        select l.item_id from dunning_noticeline l
        where l.company_id = n.company_id and l.notice_id = n.id and l.kind in ('due', 'upcoming') offset 0
    ) l
    where n.id = any(%(notices)s)
), others as materialized (
    select c.company_id, b.id
    from (select distinct company_id, customer_id from mine) c
    cross join lateral (
        select b.id from dunning_notice b
        where b.company_id = c.company_id and b.customer_id = c.customer_id offset 0
    ) b
    cross join lateral (
        select bool_or(e.kind in ('rendered', 'call_due')) as is_rendered,
               bool_or(e.kind in ('accepted', 'printed', 'called', 'stopped', 'refused', 'returned', 'cancelled', 'ground_withdrawn')) as is_over
        from dunning_noticeevent e
        where e.company_id = c.company_id and e.notice_id = b.id
    ) e
    where e.is_rendered and not e.is_over
)
select m.notice_id as notice
from mine m
cross join lateral (
    select from receivables_levelevent e
    where e.company_id = m.company_id and e.item_id = m.item_id
      and e.notice_id <> m.notice_id and not e.withdrawn and e.recorded_at > m.data_as_of
    limit 1
) e
union
select m.notice_id
from others o
cross join lateral (
    select l.item_id from dunning_noticeline l
    where l.company_id = o.company_id and l.notice_id = o.id and l.kind in ('due', 'upcoming') offset 0
) l
join mine m on m.item_id = l.item_id and m.notice_id <> o.id
