-- The product groups of open items: the index is entered once per group, however many items have it.
with recursive groups as (
    (select s.product_group from receivables_itemstate s
     where s.company_id = current_setting('app.company')::bigint and s.open_minor <> 0 and s.product_group <> ''
     order by s.product_group limit 1)
    union all
    select (select s.product_group from receivables_itemstate s
            where s.company_id = current_setting('app.company')::bigint and s.open_minor <> 0 and s.product_group <> ''
              and s.product_group > g.product_group
            order by s.product_group limit 1)
    from groups g where g.product_group is not null
)
select product_group from groups where product_group is not null order by product_group limit %(most)s
