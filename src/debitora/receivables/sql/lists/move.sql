-- Paid, settled, corrected and reopened: one entry each.
insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id)
select %(company)s, m.item_id, m.kind, m.target_minor - m.open_minor, %(on)s, %(at)s, %(list_import)s
from list_move m
where m.kind <> 'reappeared'
order by m.item_id;

-- Reappeared: entries by which lists settled the item are reversed, newest first, until there is room for what the list
-- shows. What they held beyond it is paid per list again; what they lack is corrected.
with settling as (
    select e.id, e.item_id, e.kind, e.amount_minor, abs(m.target_minor - m.open_minor) as wanted,
           sum(abs(e.amount_minor)) over (partition by e.item_id order by e.id desc) - abs(e.amount_minor) as newer
    from list_move m
    join receivables_entry e on e.company_id = %(company)s and e.item_id = m.item_id
    where m.kind = 'reappeared' and e.kind in ('paid_per_list', 'settled_per_list')
      and sign(e.amount_minor) <> sign(m.target_minor)
      and not exists (
          select from receivables_entry r where r.company_id = e.company_id and r.reverses_id = e.id
      )
), reversals as (
    insert into receivables_entry
        (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id, reverses_id)
    select %(company)s, item_id, kind, -amount_minor, %(on)s, %(at)s, %(list_import)s, id
    from settling
    where newer < wanted
    order by item_id, id desc
    returning item_id, amount_minor
), rest as (
    select m.item_id, m.target_minor - m.open_minor - sum(r.amount_minor) as minor, sign(m.target_minor) as side
    from list_move m
    join reversals r on r.item_id = m.item_id
    group by m.item_id, m.target_minor, m.open_minor
)
insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id)
select %(company)s, item_id, case when sign(minor) = side then 'corrected' else 'paid_per_list' end, minor,
       %(on)s, %(at)s, %(list_import)s
from rest
where minor <> 0
order by item_id;

update receivables_itemstate s
set open_minor = m.target_minor, raised_minor = s.raised_minor + coalesce(raised.minor, 0)
from list_move m
left join (
    select e.item_id, sum(e.amount_minor) as minor
    from receivables_entry e
    where e.company_id = %(company)s and e.list_import_id = %(list_import)s
      and e.kind in ('opened', 'corrected', 'charged')
      and e.item_id in (select item_id from list_move)
    group by e.item_id
) raised on raised.item_id = m.item_id
where s.company_id = %(company)s and s.item_id = m.item_id;
