-- The opposite event; level and last reminder follow from the events that still count.
insert into receivables_levelevent
    (company_id, item_id, notice_id, level, raised, withdrawn, effective_on, recorded_at)
select %(company)s, e.item_id, %(notice)s, greatest(s.level - e.raised, 0), -e.raised, true, %(on)s, %(at)s
from level_reached l
join receivables_levelevent e
  on e.company_id = %(company)s and e.item_id = l.item_id and e.notice_id = %(notice)s and not e.withdrawn
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = l.item_id
order by e.item_id;

update receivables_itemstate s
set level = counted.level, last_reminded_on = counted.reminded_on
from (
    select l.item_id, coalesce(sum(e.raised), 0) as level,
           max(e.effective_on) filter (
               where not e.withdrawn and not exists (
                   select from receivables_levelevent w
                   where w.company_id = e.company_id and w.item_id = e.item_id
                     and w.notice_id = e.notice_id and w.withdrawn
               )
           ) as reminded_on
    from level_reached l
    join receivables_levelevent e on e.company_id = %(company)s and e.item_id = l.item_id
    group by l.item_id
) counted
where s.company_id = %(company)s and s.item_id = counted.item_id
