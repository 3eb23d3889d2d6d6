-- How many touched items are not as the list was compared with: of another source, another open amount, or settled
-- otherwise. They are locked by ascending id first.
with locked as (
    select s.item_id, s.open_minor from list_touched t
    join receivables_itemstate s on s.company_id = %(company)s and s.item_id = t.item_id
    where s.source_id = %(source)s
    order by s.item_id
    for no key update of s
), per_list as (
    select e.item_id, sum(e.amount_minor) as minor from list_move m
    join receivables_entry e on e.company_id = %(company)s and e.item_id = m.item_id
    where m.kind = 'reappeared' and e.kind in ('paid_per_list', 'settled_per_list')
    group by e.item_id
)
select count(*) from list_touched t
left join locked l on l.item_id = t.item_id
left join list_move m on m.item_id = t.item_id
left join per_list p on p.item_id = t.item_id
where l.item_id is null
   or m.open_minor <> l.open_minor
   or (m.kind = 'reappeared' and m.settled_per_list_minor <> coalesce(p.minor, 0))
