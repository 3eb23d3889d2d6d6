-- Releases and reversals count from the day of what they take back: as of any day the undone list was never there.
insert into receivables_allocation
    (company_id, credit_item_id, debit_item_id, amount_minor, effective_on, recorded_at, reason, reverses_id)
select %(company)s, credit_item_id, debit_item_id, -amount_minor, effective_on, %(at)s, 'list_undone', id
from undo_allocation
order by id;

-- Where a list had reversed what an older list settled, reversing that puts the older list's word back in force: the row
-- then stands for the older import.
insert into receivables_entry
    (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id, reverses_id)
select %(company)s, u.item_id, u.kind, -u.amount_minor, u.effective_on, %(at)s,
       case when u.kind in ('paid_per_list', 'settled_per_list') and sign(u.amount_minor) = n.side
            then settled.list_import_id end,
       u.id
from undo_entry u
join undo_item n on n.item_id = u.item_id
left join receivables_entry settled
  on settled.company_id = %(company)s and settled.item_id = u.item_id and settled.id = u.reverses_id
order by u.item_id, u.id desc;

update receivables_itemstate s
set open_minor = s.open_minor + moved.change_minor, raised_minor = s.raised_minor + moved.raised_change
from (
    select item_id, sum(change_minor) as change_minor, sum(raised_change) as raised_change
    from (
        select item_id, change_minor, raised_change from undo_item
        union all
        select item_id, -amount_minor, 0 from undo_unborne
        union all
        select debit_item_id, amount_minor, 0 from undo_allocation
        union all
        select credit_item_id, -amount_minor, 0 from undo_allocation
    ) every
    group by item_id
) moved
where s.company_id = %(company)s and s.item_id = moved.item_id;

-- Terms go back to what stood before the import's first word, where its word is the last one of a list: what stands between its
-- first and its last is of younger imports, which were undone before. A day that was agreed before or since is said again behind it.
with first_word as (
    select t.item_id, min(t.id) as id from undo_touched u
    join receivables_terms t on t.company_id = %(company)s and t.item_id = u.item_id
    where t.list_import_id = %(list_import)s
    group by t.item_id
), standing as (
    select f.item_id, told.due_on, told.list_import_id, said.effective_on,
           case when last.agreed then last.due_on when before.agreed then before.due_on end as agreed_on,
           case when last.agreed then last.effective_on else said.effective_on end as agreed_from
    from first_word f
    cross join lateral (
        select t.due_on, t.effective_on, t.agreed from receivables_terms t
        where t.company_id = %(company)s and t.item_id = f.item_id order by t.id desc limit 1
    ) last
    cross join lateral (
        select t.effective_on, t.list_import_id from receivables_terms t
        where t.company_id = %(company)s and t.item_id = f.item_id and not t.agreed order by t.id desc limit 1
    ) said
    cross join lateral (
        select t.due_on, t.agreed from receivables_terms t
        where t.company_id = %(company)s and t.item_id = f.item_id and t.id < f.id order by t.id desc limit 1
    ) before
    cross join lateral (
        select t.due_on, t.list_import_id from receivables_terms t
        where t.company_id = %(company)s and t.item_id = f.item_id and t.id < f.id and not t.agreed order by t.id desc limit 1
    ) told
    where said.list_import_id = %(list_import)s
), restored as (
    insert into receivables_terms (company_id, item_id, due_on, agreed, effective_on, recorded_at, list_import_id)
    select %(company)s, item_id, due_on, agreed, effective_on, %(at)s, list_import_id
    from (
        select item_id, due_on, false as agreed, effective_on, list_import_id from standing
        union all
        select item_id, agreed_on, true, agreed_from, null from standing where agreed_on is not null
    ) every
    order by item_id, agreed
    returning item_id
)
update receivables_itemstate s
set due_on = coalesce(r.agreed_on, r.due_on), listed_due_on = case when r.agreed_on is not null then r.due_on end
from standing r
where s.company_id = %(company)s and s.item_id = r.item_id;

-- Marks go back in the same way.
with last_word as (
    select distinct on (m.item_id) m.* from undo_touched u
    join receivables_listmark m on m.company_id = %(company)s and m.item_id = u.item_id
    order by m.item_id, m.id desc
), restored as (
    insert into receivables_listmark
        (company_id, item_id, behind, listed_minor, effective_on, recorded_at, list_import_id)
    select %(company)s, l.item_id, coalesce(b.behind, false), coalesce(b.listed_minor, l.listed_minor),
           l.effective_on, %(at)s, b.list_import_id
    from last_word l
    left join lateral (
        select m.behind, m.listed_minor, m.list_import_id from receivables_listmark m
        where m.company_id = %(company)s and m.item_id = l.item_id and m.id < (
            select min(f.id) from receivables_listmark f
            where f.company_id = %(company)s and f.item_id = l.item_id and f.list_import_id = %(list_import)s
        )
        order by m.id desc
        limit 1
    ) b on true
    where l.list_import_id = %(list_import)s
    order by l.item_id
    returning item_id, behind
)
update receivables_itemstate s set list_behind = r.behind
from restored r
where s.company_id = %(company)s and s.item_id = r.item_id;

-- So do product groups; before the first row there was what the item was opened with.
with last_word as (
    select distinct on (g.item_id) g.* from undo_touched u
    join receivables_itemgroup g on g.company_id = %(company)s and g.item_id = u.item_id
    order by g.item_id, g.id desc
), restored as (
    insert into receivables_itemgroup (company_id, item_id, product_group, recorded_at, list_import_id)
    select %(company)s, l.item_id, coalesce(b.product_group, i.product_group), %(at)s, b.list_import_id
    from last_word l
    join receivables_item i on i.company_id = %(company)s and i.id = l.item_id
    left join lateral (
        select g.product_group, g.list_import_id from receivables_itemgroup g
        where g.company_id = %(company)s and g.item_id = l.item_id and g.id < (
            select min(f.id) from receivables_itemgroup f
            where f.company_id = %(company)s and f.item_id = l.item_id and f.list_import_id = %(list_import)s
        )
        order by g.id desc
        limit 1
    ) b on true
    where l.list_import_id = %(list_import)s
    order by l.item_id
    returning item_id, product_group
)
update receivables_itemstate s set product_group = r.product_group
from restored r
where s.company_id = %(company)s and s.item_id = r.item_id;
