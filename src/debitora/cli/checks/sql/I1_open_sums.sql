-- I1: The kept sums of what is open, by currency, due day, year of arising and side, are those of the item states.
-- Advice: Lists and aging show wrong totals; the items themselves are not in question. A trigger on the states was off: put it back, then fill the sums anew.
-- Looks at: kept sums.

-- [broken]
with kept as (
    select currency, due_on, arose_in, credit, sum(items) as items, sum(minor) as minor
    from receivables_opensum where company_id = %(company)s
    group by currency, due_on, arose_in, credit
), counted as (
    select currency, due_on, extract(year from arose_on) as arose_in, open_minor < 0 as credit, count(*) as items, sum(open_minor) as minor
    from receivables_itemstate where company_id = %(company)s and open_minor <> 0
    group by currency, due_on, extract(year from arose_on), open_minor < 0
)
select 'sum of ' || currency || ' due on ' || due_on as object, null::bigint as customer,
       to_jsonb('keeps ' || coalesce(k.items, 0) || ' items and ' || coalesce(k.minor, 0) || ', there are '
                || coalesce(c.items, 0) || ' and ' || coalesce(c.minor, 0)) as difference
from kept k
full join counted c using (currency, due_on, arose_in, credit)
where (coalesce(k.items, 0), coalesce(k.minor, 0)) <> (coalesce(c.items, 0), coalesce(c.minor, 0))
order by object, difference

-- [checked]
select count(*) from receivables_opensum where company_id = %(company)s
