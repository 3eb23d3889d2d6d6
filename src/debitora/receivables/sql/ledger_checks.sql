-- What single rows cannot say, checked once per INSERT statement over the inserted rows.

-- An entry's reversal takes exactly its entry back: same item, same kind, opposite amount.
create function receivables_entry_reversals() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    if exists (
        select from added a
        join receivables_entry o on o.company_id = a.company_id and o.id = a.reverses_id
        where a.item_id <> o.item_id or a.kind <> o.kind or a.amount_minor <> -o.amount_minor
    ) then
        raise check_violation using message = 'a reversal takes back exactly one entry', constraint = 'entry_reversal_is_exact';
    end if;
    return null;
end $body$;
create trigger reversals after insert on receivables_entry referencing new table as added
for each statement execute function receivables_entry_reversals();

-- An allocation puts a credit against a debit of one currency, of one customer or one group (customers with one parent).
create function receivables_allocation_joins() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    if exists (
        select from added a
        join receivables_item credit on credit.company_id = a.company_id and credit.id = a.credit_item_id
        join receivables_item debit on debit.company_id = a.company_id and debit.id = a.debit_item_id
        join receivables_customer payer on payer.company_id = a.company_id and payer.id = credit.customer_id
        join receivables_customer debtor on debtor.company_id = a.company_id and debtor.id = debit.customer_id
        where credit.kind not in ('credit', 'payment') or debit.kind not in ('invoice', 'charge')
           or credit.currency <> debit.currency
           or (a.reverses_id is null and coalesce(payer.parent_id, payer.id) <> coalesce(debtor.parent_id, debtor.id))
    ) then
        raise check_violation using message = 'an allocation joins a credit and a debit that belong together',
            constraint = 'allocation_joins_what_belongs_together';
    end if;
    if exists (
        select from added a
        left join receivables_allocation o on o.company_id = a.company_id and o.id = a.reverses_id
        where a.reverses_id is not null and (
            o.id is null or o.reverses_id is not null or a.credit_item_id <> o.credit_item_id
            or a.debit_item_id <> o.debit_item_id or a.amount_minor <> -o.amount_minor
        )
    ) then
        raise check_violation using message = 'a release takes back exactly one allocation',
            constraint = 'allocation_release_is_exact';
    end if;
    return null;
end $body$;
create trigger joins after insert on receivables_allocation referencing new table as added
for each statement execute function receivables_allocation_joins();
