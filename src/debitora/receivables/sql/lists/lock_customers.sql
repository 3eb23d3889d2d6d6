-- Everything known that the list touches, and the customers it belongs to: locked by ascending id.
drop table if exists pg_temp.list_touched;
create temp table list_touched on commit drop as
select item_id from list_move union select item_id from list_term union select item_id from list_mark
union select item_id from list_group;
analyze list_touched;

select c.id from receivables_customer c
where c.company_id = %(company)s and c.id in (
    select s.customer_id from list_touched t
    join receivables_itemstate s on s.company_id = %(company)s and s.item_id = t.item_id
)
order by c.id
for no key update;
