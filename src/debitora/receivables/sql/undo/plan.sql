-- What counts and goes: the import's entries that nothing reversed, and on items it opened every other one, too. A
-- reversal without an import (made by an undo or a payment) already cancels its pair and stays.
drop table if exists pg_temp.undo_entry;
create temp table undo_entry on commit drop as
with touched as (
    select distinct e.item_id from receivables_entry e
    where e.company_id = %(company)s and e.list_import_id = %(list_import)s
), live as (
    select e.* from touched t
    join receivables_entry e on e.company_id = %(company)s and e.item_id = t.item_id
    where not exists (select from receivables_entry r where r.company_id = e.company_id and r.reverses_id = e.id)
), opened as (
    select item_id from live where list_import_id = %(list_import)s and kind = 'opened'
)
select l.id, l.item_id, l.kind, l.amount_minor, l.effective_on, l.reverses_id
from live l
where l.list_import_id = %(list_import)s
union
select l.id, l.item_id, l.kind, l.amount_minor, l.effective_on, l.reverses_id
from live l
join opened o on o.item_id = l.item_id
where l.reverses_id is null or l.list_import_id is not null;
analyze undo_entry;

drop table if exists pg_temp.undo_item;
create temp table undo_item on commit drop as
select s.item_id, s.open_minor, -sum(u.amount_minor) as change_minor,
       coalesce(-sum(u.amount_minor) filter (where u.kind in ('opened', 'corrected', 'charged')), 0) as raised_change,
       case when i.kind in ('invoice', 'charge') then 1 else -1 end as side
from undo_entry u
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = u.item_id
join receivables_item i on i.company_id = %(company)s and i.id = u.item_id
group by s.item_id, s.open_minor, i.kind;
analyze undo_item;

-- Allocations that the item no longer bears, newest first.
drop table if exists pg_temp.undo_allocation;
create temp table undo_allocation on commit drop as
with live as (
    select a.id, a.credit_item_id, a.debit_item_id, a.amount_minor, a.effective_on, n.item_id
    from undo_item n
    join lateral (
        select a.* from receivables_allocation a where a.company_id = %(company)s and a.debit_item_id = n.item_id
        union all
        select a.* from receivables_allocation a where a.company_id = %(company)s and a.credit_item_id = n.item_id
    ) a on a.reverses_id is null
    where not exists (
        select from receivables_allocation r where r.company_id = %(company)s and r.reverses_id = a.id
    )
), ranked as (
    select l.*, sum(l.amount_minor) over (partition by l.item_id order by l.id desc) - l.amount_minor as newer
    from live l
)
select distinct r.id, r.credit_item_id, r.debit_item_id, r.amount_minor, r.effective_on
from ranked r
join undo_item n on n.item_id = r.item_id
where r.newer < -n.side * (n.open_minor + n.change_minor);

analyze undo_allocation;

-- What is still too much then (a discount, a write-off, a refund; released allocations come first): reversed whole, newest first.
drop table if exists pg_temp.undo_unborne;
create temp table undo_unborne on commit drop as
with missing as (
    select n.item_id, n.side, -n.side * (n.open_minor + n.change_minor) - coalesce(sum(a.amount_minor), 0) as minor
    from undo_item n
    left join undo_allocation a on a.debit_item_id = n.item_id or a.credit_item_id = n.item_id
    group by n.item_id, n.side, n.open_minor, n.change_minor
    having n.side * (n.open_minor + n.change_minor) + coalesce(sum(a.amount_minor), 0) < 0
), ranked as (
    select e.*, m.minor as missing, sum(abs(e.amount_minor)) over (partition by e.item_id order by e.id desc) as reach
    from missing m
    join receivables_entry e on e.company_id = %(company)s and e.item_id = m.item_id
    where sign(e.amount_minor) = -m.side and e.reverses_id is null and e.kind not in ('opened', 'corrected', 'charged')
      and e.id not in (select id from undo_entry)
      and not exists (select from receivables_entry r where r.company_id = e.company_id and r.reverses_id = e.id)
)
select id, item_id, kind, amount_minor, effective_on, reverses_id from ranked where reach - abs(amount_minor) < missing;

insert into undo_entry select * from undo_unborne;
