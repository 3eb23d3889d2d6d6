-- What the planner knows of the ledger, learned anew within the transaction that made it grow: until then a company that
-- has just brought its first million items counts as one row, and every join over it is planned as a nested loop.
create function receivables_learn_sizes() returns void language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    analyze receivables_party;
    analyze receivables_customer;
    analyze receivables_item;
    analyze receivables_entry;
    analyze receivables_terms;
    analyze receivables_itemstate;
end $body$;
