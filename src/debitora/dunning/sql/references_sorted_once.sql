-- The references of notices, as references_in_order.sql and decided_by_notices.sql say; whether an item is named twice is seen in
-- the order that the comparison with the ledger's index leaves, without sorting the lines once more.

create or replace function dunning_notice_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp set work_mem = '128MB' set enable_hashjoin = off set enable_nestloop = on as $body$
declare
    mine bigint; other bigint; many bigint; lines bigint; found bigint; different bigint; runs bigint[];
begin
    select min(company_id), max(company_id), count(*), sum(cardinality(line_items)), array_agg(distinct run_id)
      into mine, other, many, lines, runs from added;
    if mine <> other then
        raise invalid_parameter_value using message = 'notices of several companies in one statement';
    end if;
    execute 'select count(*) from added a join receivables_customer t on t.company_id = $1 and t.id = a.customer_id'
       into found using mine;
    if found <> many then
        raise foreign_key_violation using message = 'customer_id names no row of receivables_customer in this company';
    end if;
    if many > 30000 then
        set local enable_nestloop = off;
    end if;
    execute 'select count(*), count(*) filter (where item_id is distinct from before)
             from (
                 select t.item_id, lag(t.item_id) over (order by t.customer_id, t.item_id) as before
                 from (select a.customer_id, unnest(a.line_items) as item_id from added a) l
                 join receivables_itemstate t
                   on t.company_id = $1 and t.customer_id = l.customer_id and t.item_id = l.item_id
             ) named'
       into found, different using mine;
    if found <> lines then
        raise foreign_key_violation using message = 'line_items name no row of receivables_item of this customer in this company';
    end if;
    if different <> lines then
        raise unique_violation using message = 'line_items name an item twice';
    end if;
    if exists (
        select 1 from (select distinct run_id, strategy_version_id, level from added) a
        left join dunning_runstep t
          on t.company_id = mine and t.run_id = a.run_id and t.strategy_version_id = a.strategy_version_id
         and t.level = a.level
        where t.id is null
    ) then
        raise foreign_key_violation
            using message = 'run_id, strategy_version_id and level name no row of dunning_runstep in this company';
    end if;
    set local enable_hashjoin = on;
    execute 'select count(*)
             from (
                 select a.run_id, unnest(a.line_items) as item_id, unnest(a.line_kinds) as kind
                 from added a where a.line_days_overdue is not null
             ) l
             join dunning_decision d on d.run_id = l.run_id and d.item_id = l.item_id
             where d.company_id = $1 and d.run_id = any ($2) and l.kind in (1, 4)'
       into found using mine, runs;
    if found > 0 then
        raise unique_violation using message = 'line_items name an item that has a decision of this run';
    end if;
    return null;
end $body$;
