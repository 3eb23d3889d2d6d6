-- I1: Everything else that an item's state says follows from rows: what was raised, days, mark of the list, product group, owner, currency.
-- Advice: Read the item's entries, terms and list marks and product groups; the state or one of those rows was changed by hand.
-- Fast: left out
-- Looks at: item states.

-- [broken]
with raised as (
    select item_id, sum(amount_minor) as minor,
           min(amount_minor) filter (where kind = 'opened' and reverses_id is null) as opened_minor
    from receivables_entry
    where company_id = %(company)s and kind in ('opened', 'corrected', 'charged')
    group by item_id
), due as (
    select distinct on (item_id) item_id, due_on, agreed
    from receivables_terms where company_id = %(company)s order by item_id, id desc
), listed as (
    select distinct on (item_id) item_id, due_on
    from receivables_terms where company_id = %(company)s and not agreed order by item_id, id desc
), marked as (
    select distinct on (item_id) item_id, behind
    from receivables_listmark where company_id = %(company)s order by item_id, id desc
), grouped as (
    select distinct on (item_id) item_id, product_group
    from receivables_itemgroup where company_id = %(company)s order by item_id, id desc
)
select 'item ' || i.id as object, i.customer_id as customer, to_jsonb(wrong.what) as difference
from receivables_item i
join receivables_itemstate s on s.company_id = i.company_id and s.item_id = i.id
left join raised r on r.item_id = i.id
left join due d on d.item_id = i.id
left join listed l on l.item_id = i.id
left join marked m on m.item_id = i.id
left join grouped g on g.item_id = i.id
cross join lateral (
    select 'raised by ' || (s.raised_minor - coalesce(r.minor, 0)) as what
    where s.raised_minor <> coalesce(r.minor, 0)
    union all
    select 'opened with ' || i.amount_minor || ', its entry says ' || coalesce(r.opened_minor::text, 'nothing')
    where i.amount_minor is distinct from r.opened_minor
    union all
    select 'due on ' || s.due_on || ', its terms say ' || coalesce(d.due_on::text, 'nothing')
    where s.due_on is distinct from d.due_on
    union all
    select 'due by its list on ' || coalesce(s.listed_due_on::text, 'no other day') || ', its terms say '
           || coalesce(case when d.agreed then l.due_on end::text, 'no other')
    where s.listed_due_on is distinct from case when d.agreed then l.due_on end
    union all
    select 'issued on ' || coalesce(s.issued_on::text, 'no day') || ', its item says ' || coalesce(i.issued_on::text, 'none')
    where s.issued_on is distinct from i.issued_on
    union all
    select 'marked otherwise than by its last list'
    where s.list_behind <> coalesce(m.behind, false)
    union all
    select 'of another product group than its last list says'
    where s.product_group <> coalesce(g.product_group, i.product_group)
    union all
    select 'customer, source or currency differ from the item''s'
    where (s.customer_id, s.source_id, s.currency) <> (i.customer_id, i.source_id, i.currency)
) wrong
where i.company_id = %(company)s
order by i.id, wrong.what

-- [checked]
select count(*) from receivables_itemstate where company_id = %(company)s
