-- One event per item, once per notice; the level rises by one where the notice reaches higher than the item stands.
with events as (
    insert into receivables_levelevent
        (company_id, item_id, notice_id, level, raised, withdrawn, effective_on, recorded_at)
    select %(company)s, l.item_id, %(notice)s, coalesce(s.level, 0) + (l.level > coalesce(s.level, 0))::int,
           (l.level > coalesce(s.level, 0))::int, false, %(on)s, %(at)s
    from level_reached l
    left join receivables_itemstate s on s.company_id = %(company)s and s.item_id = l.item_id
    order by l.item_id
    on conflict (company_id, item_id, notice_id, withdrawn) do nothing
    returning item_id, level
)
update receivables_itemstate s
set level = e.level, last_reminded_on = greatest(s.last_reminded_on, %(on)s::date)
from events e
where s.company_id = %(company)s and s.item_id = e.item_id
