-- References of what a run writes by the hundred thousand: counted, as decisions_by_month.sql says, but compared with the
-- ledger's index by customer and item, in whose order the rows come, and no longer with a hash of the whole ledger, which
-- took three times as long. That index is the projection's; the keys of its rows never change (receivables' walls).
--
-- One company per statement: named once, it is a constant that the planner knows. Joined row by row, it believes that an
-- added row is of one company in two hundred, and prepares for a handful of rows. Many rows are merged, few are looked up.

create or replace function dunning_decision_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp set work_mem = '128MB' set enable_hashjoin = off set enable_nestloop = on as $body$
declare
    mine bigint; other bigint; many bigint; found bigint;
begin
    select min(company_id), max(company_id), count(*) into mine, other, many from added;
    if mine <> other then
        raise invalid_parameter_value using message = 'decisions of several companies in one statement';
    end if;
    if many > 100000 then
        set local enable_nestloop = off;
    end if;
    execute 'select count(*) from added a
             join receivables_itemstate t on t.company_id = $1 and t.customer_id = a.customer_id and t.item_id = a.item_id'
       into found using mine;
    if found <> many then
        raise foreign_key_violation using message = 'item_id names no row of receivables_item of this customer in this company';
    end if;
    if exists (
        select 1 from (select distinct run_id, month from added) a
        left join dunning_run t
          on t.company_id = mine and t.id = a.run_id and dunning_month_of(t.created_at) = a.month
        where t.id is null
    ) then
        raise foreign_key_violation using message = 'run_id names no row of dunning_run of this month in this company';
    end if;
    if exists (
        select 1 from (select distinct strategy_version_id from added) a
        left join dunning_strategyversion t on t.company_id = mine and t.id = a.strategy_version_id
        where a.strategy_version_id is not null and t.id is null
    ) then
        raise foreign_key_violation
            using message = 'strategy_version_id names no row of dunning_strategyversion in this company';
    end if;
    return null;
end $body$;

create or replace function dunning_notice_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp set work_mem = '128MB' set enable_hashjoin = off set enable_nestloop = on as $body$
declare
    mine bigint; other bigint; many bigint; lines bigint; found bigint; different bigint;
begin
    select min(company_id), max(company_id), count(*), sum(cardinality(line_items)) into mine, other, many, lines from added;
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
    execute 'select count(*), count(distinct l.item_id)
             from (select a.customer_id, unnest(a.line_items) as item_id from added a) l
             join receivables_itemstate t
               on t.company_id = $1 and t.customer_id = l.customer_id and t.item_id = l.item_id'
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
    return null;
end $body$;
