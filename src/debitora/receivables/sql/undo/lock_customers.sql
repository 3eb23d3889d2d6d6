-- The customers of everything the import touched, with all of their groups, so that no allocation there changes meanwhile.
with touched as (
    select item_id from receivables_entry where company_id = %(company)s and list_import_id = %(list_import)s
    union
    select item_id from receivables_terms where company_id = %(company)s and list_import_id = %(list_import)s
    union
    select item_id from receivables_listmark where company_id = %(company)s and list_import_id = %(list_import)s
    union
    select item_id from receivables_itemgroup where company_id = %(company)s and list_import_id = %(list_import)s
), groups as (
    select distinct coalesce(c.parent_id, c.id) as id from touched t
    join receivables_itemstate s on s.company_id = %(company)s and s.item_id = t.item_id
    join receivables_customer c on c.company_id = %(company)s and c.id = s.customer_id
)
select c.id from receivables_customer c
where c.company_id = %(company)s and (c.id in (select id from groups) or c.parent_id in (select id from groups))
order by c.id
for no key update
