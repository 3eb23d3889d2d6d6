-- The payments that the ledger does not bear, and those that stand together with one of them: an item is unknown, of another
-- currency or group, on the wrong side, or less of it is open than all payments up to this one (by key) want. What lists settled
-- counts as open: a payment outranks them.
with per_list as (
    select item_id, sum(abs(amount_minor)) as minor from settle_listed group by item_id
), wanted (key, item_id, minor, debit) as (
    select key, debit_item, minor, true from settle_allocation
    union all select key, item, minor, true from settle_deduction
    union all select key, credit_item, minor, false from settle_allocation where credit_item is not null
), reached as (
    select key, item_id, debit, sum(sum(minor)) over (partition by item_id order by key) as minor
    from wanted
    group by key, item_id, debit
), beyond as (
    select r.key
    from reached r
    join settle_payment p on p.key = r.key
    left join receivables_customer payer on payer.company_id = %(company)s and payer.id = p.customer
    left join receivables_item i on i.company_id = %(company)s and i.id = r.item_id
    left join receivables_customer debtor on debtor.company_id = %(company)s and debtor.id = i.customer_id
    left join receivables_itemstate s on s.company_id = %(company)s and s.item_id = r.item_id
    left join per_list l on l.item_id = r.item_id
    where i.id is null or payer.id is null
       or i.currency <> p.currency
       or coalesce(payer.parent_id, payer.id) <> coalesce(debtor.parent_id, debtor.id)
       or (i.kind in ('invoice', 'charge')) <> r.debit
       or r.minor > abs(s.open_minor) + coalesce(l.minor, 0)
), overspent as (
    select p.key
    from settle_payment p
    join settle_allocation a on a.key = p.key and a.credit_item is null
    group by p.key, p.minor
    having sum(a.minor) > p.minor
)
select p.key from settle_payment p
where p.together in (
    select one.together from settle_payment one
    where one.key in (select key from beyond union select key from overspent)
)
order by p.key
