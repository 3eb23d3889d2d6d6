-- Decisions by month of their run, so that what is too old goes as a whole month and nothing is deleted row by row.
--
-- A partition is a table of its own. The app role has no right on any, so it reaches decisions through the parent and its
-- policy only; the walls stand on every partition all the same. References and refusals are triggers for each statement,
-- which fire for the table a statement names: so every partition has its own.

create function dunning_month_of(moment timestamptz) returns date language sql immutable strict parallel safe
as $body$ select date_trunc('month', moment at time zone 'UTC')::date $body$;

-- References are counted instead of missed ones sought: so the added rows are hashed and the ledger is read once, which takes
-- a third of the time. Planned anew for every statement (EXECUTE), because three rows and three hundred thousand want other plans.
create or replace function dunning_decision_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp set work_mem = '128MB' as $body$
declare
    whole boolean;
begin
    execute $sql$
        select (select count(*) from added) = (
            select count(*) from added a
            join receivables_item t
              on t.company_id = a.company_id and t.id = a.item_id and t.customer_id = a.customer_id
        )
    $sql$ into whole;
    if not whole then
        raise foreign_key_violation using message = 'item_id names no row of receivables_item of this customer in this company';
    end if;
    if exists (
        select 1 from (select distinct company_id, run_id, month from added) a
        left join dunning_run t
          on t.company_id = a.company_id and t.id = a.run_id and dunning_month_of(t.created_at) = a.month
        where t.id is null
    ) then
        raise foreign_key_violation using message = 'run_id names no row of dunning_run of this month in this company';
    end if;
    if exists (
        select 1 from (select distinct company_id, strategy_version_id from added) a
        left join dunning_strategyversion t on t.company_id = a.company_id and t.id = a.strategy_version_id
        where a.strategy_version_id is not null and t.id is null
    ) then
        raise foreign_key_violation
            using message = 'strategy_version_id names no row of dunning_strategyversion in this company';
    end if;
    return null;
end $body$;

-- Make the partition of a month unless it is there. Attaching takes no lock that stops readers or writers; two who want the
-- same month wait for each other. The app role may call this, but far away months are refused: it is no way to fill a disk.
create function dunning_keep_month(month date) returns void language plpgsql security definer
set search_path = public, pg_temp as $body$
declare
    part constant text := 'dunning_decision_' || to_char(month, 'YYYY_MM');
    ends constant date := month + interval '1 month';
begin
    if month <> date_trunc('month', month)
       or month not between current_date - interval '30 years' and current_date + interval '10 years' then
        raise invalid_parameter_value using message = month || ' is no month for which decisions are kept';
    end if;
    if to_regclass(part) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('dunning_keep_month'));
    if to_regclass(part) is not null then
        return;
    end if;
    execute format('create table %I (like dunning_decision including all)', part);
    execute format('revoke all on %I from debitora_app, debitora_dispatcher', part);
    execute format('alter table %I enable row level security, force row level security', part);
    execute format(
        'create policy company on %I to debitora_app using (company_id = current_setting(''app.company'')::bigint)'
        ' with check (company_id = current_setting(''app.company'')::bigint)', part);
    execute format(
        'create trigger refuse before update or delete or truncate on %I'
        ' for each statement execute function refuse_change()', part);
    execute format(
        'create trigger refs after insert on %I referencing new table as added'
        ' for each statement execute function dunning_decision_refs()', part);
    execute format('alter table dunning_decision attach partition %I for values from (%L) to (%L)', part, month, ends);
end $body$;

-- The table that was, its rows moved into months. An item is one customer's (references), so the key holds one decision per
-- run and item; with the customer before the item it also serves her list, and no second index is written.
alter table dunning_decision rename to dunning_decision_before;
alter table dunning_decision_before drop constraint dunning_decision_pkey;
drop index decision_of_item, decision_of_customer;

create table dunning_decision (
    company_id bigint not null,
    run_id bigint not null,
    item_id bigint not null,
    customer_id bigint not null,
    open_minor bigint not null,
    held_minor bigint not null,
    strategy_version_id bigint,
    month date not null,
    days_overdue integer not null,
    reason smallint not null,
    level_before smallint not null,
    level_to smallint not null,
    currency varchar(3) not null,
    primary key (company_id, run_id, customer_id, item_id, month)
) partition by range (month);
alter table dunning_decision enable row level security, force row level security;
create policy company on dunning_decision to debitora_app
    using (company_id = current_setting('app.company')::bigint)
    with check (company_id = current_setting('app.company')::bigint);
revoke update, delete, truncate on dunning_decision from debitora_app;
create trigger refuse before update or delete or truncate on dunning_decision
    for each statement execute function refuse_change();
create trigger refs after insert on dunning_decision referencing new table as added
    for each statement execute function dunning_decision_refs();

select dunning_keep_month(month) from (
    select dunning_month_of(created_at) as month from dunning_run
    union select dunning_month_of(now())
    union select dunning_month_of(now() + interval '1 month')
) months
order by month;

insert into dunning_decision (company_id, run_id, item_id, customer_id, open_minor, held_minor, strategy_version_id, month,
                              days_overdue, reason, level_before, level_to, currency)
select d.company_id, d.run_id, d.item_id, d.customer_id, d.open_minor, d.held_minor, d.strategy_version_id,
       dunning_month_of(r.created_at), d.days_overdue, d.reason, d.level_before, d.level_to, d.currency
from dunning_decision_before d
join dunning_run r on r.company_id = d.company_id and r.id = d.run_id
order by d.company_id, d.run_id, d.item_id;
drop table dunning_decision_before;
