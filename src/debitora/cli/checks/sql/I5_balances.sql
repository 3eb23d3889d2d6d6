-- I5: A customer's balance is the same three ways: open items, entries with allocations, and all movements day after day.
-- Advice: Look at I1 first, it names the items; without one, a movement names another customer than its item does.
-- Looks at: balances of a customer in a currency.

-- [broken]
with owned as (
    select id, customer_id, currency from receivables_item where company_id = %(company)s
), by_state as (
    select customer_id, currency, sum(open_minor) as minor
    from receivables_itemstate where company_id = %(company)s group by customer_id, currency
), by_rows as (
    select o.customer_id, o.currency, sum(moved.minor) as minor
    from owned o
    join (
        select item_id, sum(amount_minor) as minor
        from receivables_entry where company_id = %(company)s group by item_id
        union all
        select credit_item_id, sum(amount_minor)
        from receivables_allocation where company_id = %(company)s group by credit_item_id
        union all
        select debit_item_id, -sum(amount_minor)
        from receivables_allocation where company_id = %(company)s group by debit_item_id
    ) moved on moved.item_id = o.id
    group by o.customer_id, o.currency
), days as (
    select o.customer_id, o.currency, e.effective_on as day, sum(e.amount_minor) as minor
    from receivables_entry e join owned o on o.id = e.item_id
    where e.company_id = %(company)s
    group by o.customer_id, o.currency, e.effective_on
    union all
    select payer.customer_id, payer.currency, a.effective_on, sum(a.amount_minor)
    from receivables_allocation a join owned payer on payer.id = a.credit_item_id
    where a.company_id = %(company)s
    group by payer.customer_id, payer.currency, a.effective_on
    union all
    select debtor.customer_id, debtor.currency, a.effective_on, -sum(a.amount_minor)
    from receivables_allocation a join owned debtor on debtor.id = a.debit_item_id
    where a.company_id = %(company)s
    group by debtor.customer_id, debtor.currency, a.effective_on
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
