-- Each payment becomes an item, as open as no allocation takes of it.
insert into receivables_item (
    id, company_id, source_id, customer_id, kind, number, number_key, position, currency, amount_minor, issued_on,
    order_reference, effective_on, recorded_at
)
select item_id, %(company)s, %(source)s, customer, 'payment', number, number_key, position, currency, -minor, counts_on,
       '', counts_on, %(at)s
from settle_payment order by key;

insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at)
select %(company)s, item_id, 'opened', -minor, counts_on, %(at)s from settle_payment order by key;

insert into receivables_terms (company_id, item_id, due_on, effective_on, recorded_at)
select %(company)s, item_id, counts_on, counts_on, %(at)s from settle_payment order by key;

insert into receivables_itemstate
    (company_id, item_id, customer_id, source_id, currency, raised_minor, open_minor, issued_on, due_on, level, list_behind)
select %(company)s, p.item_id, p.customer, %(source)s, p.currency, -p.minor, coalesce(a.minor, 0) - p.minor, p.counts_on, p.counts_on, 0,
       false
from settle_payment p
left join (
    select key, sum(minor) as minor from settle_allocation where credit_item is null group by key
) a on a.key = p.key
order by p.key;

-- Allocations count from the payment's day, or from the later item's.
insert into receivables_allocation
    (id, company_id, credit_item_id, debit_item_id, amount_minor, effective_on, recorded_at, reason)
select a.allocation_id, %(company)s, coalesce(a.credit_item, p.item_id), a.debit_item, a.minor,
       greatest(p.counts_on, debit.effective_on, credit.effective_on), %(at)s, a.reason
from settle_allocation a
join settle_payment p on p.key = a.key
join receivables_item debit on debit.company_id = %(company)s and debit.id = a.debit_item
left join receivables_item credit on credit.company_id = %(company)s and credit.id = a.credit_item
order by a.allocation_id;

insert into receivables_entry (id, company_id, item_id, kind, amount_minor, effective_on, recorded_at)
select d.entry_id, %(company)s, d.item, d.kind, -d.minor, greatest(p.counts_on, i.effective_on), %(at)s
from settle_deduction d
join settle_payment p on p.key = d.key
join receivables_item i on i.company_id = %(company)s and i.id = d.item
order by d.entry_id;

update receivables_itemstate s set open_minor = s.open_minor + moved.minor
from (
    select item_id, sum(minor) as minor from (
        select debit_item as item_id, -minor as minor from settle_allocation
        union all select credit_item, minor from settle_allocation where credit_item is not null
        union all select item, -minor from settle_deduction
    ) every
    group by item_id
) moved
where s.company_id = %(company)s and s.item_id = moved.item_id
