-- Every item of a source as its lists know it, a due day agreed since left aside: what it is known by, and what of it the source's lists have settled so far (opposite sign).
select i.id, c.number_key, i.number_key, i.position, i.currency,
       case when i.kind in ('invoice', 'charge') then 1 else -1 end,
       s.raised_minor, s.open_minor, coalesce(per_list.minor, 0), coalesce(s.listed_due_on, s.due_on), s.list_behind, s.product_group
from receivables_item i
join receivables_itemstate s on s.company_id = i.company_id and s.item_id = i.id
join receivables_customer c on c.company_id = i.company_id and c.id = i.customer_id
left join (
    select e.item_id, sum(e.amount_minor)::bigint as minor
    from receivables_entry e
    where e.kind in ('paid_per_list', 'settled_per_list')
    group by e.item_id
) per_list on per_list.item_id = i.id
where i.source_id = %(source)s
order by i.id
