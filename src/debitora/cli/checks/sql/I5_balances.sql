-- I5: A customer's balance is the same three ways: open items, entries with allocations, and all movements day after day.
-- Advice: Look at I1 first, it names the items; without one, a movement names another customer than its item does.
-- Fast: left out
-- Looks at: balances of a customer in a currency.

-- [broken]
with by_state as (
    select customer_id, currency, sum(open_minor) as minor
    from receivables_itemstate where company_id = %(company)s group by customer_id, currency
), moved as (
    select item_id, effective_on as day, amount_minor as minor
    from receivables_entry where company_id = %(company)s
    union all
    select credit_item_id, effective_on, amount_minor from receivables_allocation where company_id = %(company)s
    union all
    select debit_item_id, effective_on, -amount_minor from receivables_allocation where company_id = %(company)s
), by_rows as (
    select customer_id, currency, sum(minor) as minor
    from (
        select i.customer_id, i.currency, sum(e.amount_minor) as minor
        from receivables_entry e
        join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
        where e.company_id = %(company)s group by i.customer_id, i.currency
        union all
        select i.customer_id, i.currency, sum(case a.credit_item_id when i.id then a.amount_minor else -a.amount_minor end)
        from receivables_allocation a
        join receivables_item i on i.company_id = a.company_id and i.id in (a.credit_item_id, a.debit_item_id)
        where a.company_id = %(company)s group by i.customer_id, i.currency
    ) sides
    group by customer_id, currency
), days as (
    select i.customer_id, i.currency, m.day, sum(m.minor) as minor
    from receivables_item i
    join moved m on m.item_id = i.id
    where i.company_id = %(company)s
    group by i.customer_id, i.currency, m.day
), closings as (
    select customer_id, currency, day,
           sum(sum(minor)) over (partition by customer_id, currency order by day) as closing
    from days group by customer_id, currency, day
), by_days as (
    select distinct on (customer_id, currency) customer_id, currency, closing as minor
    from closings order by customer_id, currency, day desc
)
select 'customer ' || customer_id || ' in ' || currency as object, customer_id as customer,
       to_jsonb(greatest(state_minor, row_minor, day_minor) - least(state_minor, row_minor, day_minor)) as difference
from (
    select customer_id, currency, coalesce(s.minor, 0) as state_minor, coalesce(r.minor, 0) as row_minor,
           coalesce(d.minor, 0) as day_minor
    from by_state s
    full join by_rows r using (customer_id, currency)
    full join by_days d using (customer_id, currency)
) balances
where state_minor <> row_minor or row_minor <> day_minor
order by customer_id, currency

-- [checked]
select count(*) from (
    select distinct customer_id, currency from receivables_item where company_id = %(company)s
) balances
