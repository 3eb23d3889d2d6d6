-- I6: An allocation joins a credit and a debit of one currency and one customer, or of one group when it was made.
-- Advice: Release the allocation by hand and put the credit against an item of its own customer.
-- Looks at: allocations.

-- [broken]
select 'allocation ' || a.id as object, debit.customer_id as customer, to_jsonb(wrong.what) as difference
from receivables_allocation a
join receivables_item credit on credit.company_id = a.company_id and credit.id = a.credit_item_id
join receivables_item debit on debit.company_id = a.company_id and debit.id = a.debit_item_id
join receivables_customer payer on payer.company_id = a.company_id and payer.id = credit.customer_id
join receivables_customer debtor on debtor.company_id = a.company_id and debtor.id = debit.customer_id
cross join lateral (values
    ('joins a ' || credit.kind || ' and a ' || debit.kind,
     credit.kind not in ('credit', 'payment') or debit.kind not in ('invoice', 'charge')),
    ('joins ' || credit.currency || ' and ' || debit.currency, credit.currency <> debit.currency),
    -- A group may have been dissolved since; then the trail has a change of one of the two.
    ('joins customers of no common group',
     a.reverses_id is null and payer.id <> debtor.id
     and coalesce(payer.parent_id, payer.id) <> coalesce(debtor.parent_id, debtor.id)
     and not exists (
         select from trail_subject s
         join trail_record r on r.company_id = s.company_id and r.id = s.record_id
         where s.company_id = a.company_id and s.customer_id in (payer.id, debtor.id)
           and r.verb in ('customer.edited', 'customers.saved') and r.recorded_at > a.recorded_at
     ))
) wrong (what, so)
where a.company_id = %(company)s and wrong.so
order by a.id, wrong.what

-- [checked]
select count(*) from receivables_allocation where company_id = %(company)s
