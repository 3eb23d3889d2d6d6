-- References of notices and their lines, which a run writes by the hundred thousand: the walls of walls.checked_in_bulk, each
-- target looked up once however many rows name it, and counted as decisions_by_month.sql says.

create or replace function dunning_notice_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp set work_mem = '128MB' as $body$
declare
    whole boolean;
begin
    execute $sql$
        select (select count(*) from added) = (
            select count(*) from added a
            join receivables_customer t on t.company_id = a.company_id and t.id = a.customer_id
        )
    $sql$ into whole;
    if not whole then
        raise foreign_key_violation using message = 'customer_id names no row of receivables_customer in this company';
    end if;
    if exists (
        select 1 from (select distinct company_id, run_id from added) a
        left join dunning_run t on t.company_id = a.company_id and t.id = a.run_id
        where t.id is null
    ) then
        raise foreign_key_violation using message = 'run_id names no row of dunning_run in this company';
    end if;
    if exists (
        select 1 from (select distinct company_id, strategy_version_id from added) a
        left join dunning_strategyversion t on t.company_id = a.company_id and t.id = a.strategy_version_id
        where t.id is null
    ) then
        raise foreign_key_violation
            using message = 'strategy_version_id names no row of dunning_strategyversion in this company';
    end if;
    return null;
end $body$;

create or replace function dunning_noticeline_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp set work_mem = '128MB' as $body$
declare
    whole boolean;
begin
    execute $sql$
        select (select count(*) from added) = (
            select count(*) from added a
            join receivables_item i on i.company_id = a.company_id and i.id = a.item_id
            join dunning_notice n on n.company_id = a.company_id and n.id = a.notice_id
        )
    $sql$ into whole;
    if not whole then
        raise foreign_key_violation
            using message = 'notice_id or item_id names no row of dunning_notice or receivables_item in this company';
    end if;
    return null;
end $body$;
