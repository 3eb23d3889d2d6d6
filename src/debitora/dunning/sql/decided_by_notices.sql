-- What a notice asks for is decided by its line: an item that is noticed has no row in dunning_decision any more. With the days
-- overdue and what holds kept out, a line says all that a decision says; nine in ten decisions of a usual run are lines.
-- Notices from before have neither array, and their items still have their rows.
alter table dunning_notice add constraint notice_decides_whole check (
    (line_days_overdue is null and line_held_minor is null)
    or (cardinality(line_days_overdue) = cardinality(line_items) and cardinality(line_held_minor) = cardinality(line_items))
);

-- Everything that runs decided, once: a row for each overdue item, and for each that was written of before its due day.
-- The reader's own rights and walls count (security_invoker).
create view dunning_decided with (security_invoker = true) as
select company_id, run_id, month, item_id, customer_id, currency, reason, level_before, level_to, days_overdue,
       open_minor, held_minor, strategy_version_id
from dunning_decision
union all
select n.company_id, n.run_id, dunning_month_of(n.created_at), l.item_id, n.customer_id, n.currency,
       (case l.kind when 1 then 1 else 2 end)::smallint, l.level_from, l.level_to, l.days_overdue,
       l.open_minor + l.held_minor, l.held_minor, n.strategy_version_id
from dunning_notice n
cross join lateral unnest(
    n.line_items, n.line_kinds, n.line_open_minor, n.line_levels_from, n.line_levels_to, n.line_days_overdue, n.line_held_minor
) as l (item_id, kind, open_minor, level_from, level_to, days_overdue, held_minor)
where l.kind in (1, 4) and n.line_days_overdue is not null;
revoke all on dunning_decided from debitora_app, debitora_dispatcher;
grant select on dunning_decided to debitora_app;

-- References as references_in_order.sql checks them; besides, an item is decided once in a run, by a row or by a notice: whichever
-- comes second is refused.
create or replace function dunning_decision_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp set work_mem = '128MB' set enable_hashjoin = off set enable_nestloop = on as $body$
declare
    mine bigint; other bigint; many bigint; found bigint; runs bigint[];
begin
    select min(company_id), max(company_id), count(*), array_agg(distinct run_id) into mine, other, many, runs from added;
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
    if exists (select from dunning_notice n where n.company_id = mine and n.run_id = any (runs)) and exists (
        select from added a
        join dunning_notice n on n.company_id = mine and n.run_id = a.run_id and n.customer_id = a.customer_id
        cross join lateral unnest(n.line_items, n.line_kinds) as l (item_id, kind)
        where n.line_days_overdue is not null and l.item_id = a.item_id and l.kind in (1, 4)
    ) then
        raise unique_violation using message = 'item_id is decided by a notice of this run';
    end if;
    return null;
end $body$;

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
