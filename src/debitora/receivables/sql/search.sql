-- Text search. Under row-level security no index serves LIKE (its operators are not leakproof), so these functions run
-- as their owner and name the company themselves. Texts arrive ready: a number as its key, a name with \ before %, _ and \.

do $body$
begin
    create extension if not exists pg_trgm;
    create index party_name_trigrams on receivables_party using gin (name gin_trgm_ops);
exception when undefined_file or insufficient_privilege or feature_not_supported then
    raise notice 'pg_trgm is not there: names are searched without an index';
end $body$;

-- Customers whose number begins with the key, or whose present name contains the text.
create function receivables_find_customers(key text, name text) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $body$
    select c.id from receivables_customer c
    where c.company_id = current_setting('app.company')::bigint
      and $1 <> '' and c.number_key >= $1 and c.number_key < $1 || chr(1114111)
    union
    select c.id from receivables_party p
    join receivables_customer c on c.company_id = p.company_id and c.party_id = p.id
    where p.company_id = current_setting('app.company')::bigint and p.name ilike '%' || $2 || '%'
$body$;

-- Items whose number begins with the key, whose customer is found, or of which one of the amounts is open (either sign).
-- currencies and amounts run in parallel: an amount in minor units is meant in its currency only.
create function receivables_find_items(key text, name text, currencies text[], amounts bigint[]) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $body$
    select i.id from receivables_item i
    where i.company_id = current_setting('app.company')::bigint
      and $1 <> '' and i.number_key >= $1 and i.number_key < $1 || chr(1114111)
    union
    select s.item_id from receivables_find_customers($1, $2) found(id)
    join receivables_itemstate s on s.company_id = current_setting('app.company')::bigint and s.customer_id = found.id
    union
    select s.item_id from unnest($3, $4) wanted(currency, amount)
    cross join lateral (values (wanted.amount), (-wanted.amount)) signed(minor)
    join receivables_itemstate s on s.company_id = current_setting('app.company')::bigint
     and s.open_minor = signed.minor and s.open_minor <> 0 and s.currency = wanted.currency
$body$;
