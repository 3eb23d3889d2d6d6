-- What is open by currency, due day and side, kept by the statement: every statement on item states appends by how much it
-- changed that, so nobody waits for anybody. A level or a mark that changes appends nothing. The app role only reads.

revoke insert, update, delete on receivables_opensum from debitora_app;

create function receivables_opensum_opened() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    insert into receivables_opensum (company_id, currency, due_on, credit, items, minor)
    select company_id, currency, due_on, open_minor < 0, count(*), sum(open_minor)
    from added where open_minor <> 0
    group by company_id, currency, due_on, open_minor < 0;
    return null;
end $body$;

create function receivables_opensum_changed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    insert into receivables_opensum (company_id, currency, due_on, credit, items, minor)
    select company_id, currency, due_on, open_minor < 0, sum(n), sum(n * open_minor)
    from (
        select company_id, currency, due_on, open_minor, 1 as n from added
        union all
        select company_id, currency, due_on, open_minor, -1 from replaced
    ) both_sides
    where open_minor <> 0
    group by company_id, currency, due_on, open_minor < 0
    having sum(n) <> 0 or sum(n * open_minor) <> 0;
    return null;
end $body$;

create trigger sums_opened after insert on receivables_itemstate referencing new table as added
for each statement execute function receivables_opensum_opened();
create trigger sums_changed after update on receivables_itemstate referencing old table as replaced new table as added
for each statement execute function receivables_opensum_changed();

-- Many rows of a day become one; the served company's only. Returns how many rows there were.
create function receivables_fold_open_sums() returns bigint language sql volatile security definer
set search_path = public, pg_temp as $body$
    with gone as (
        delete from receivables_opensum where company_id = current_setting('app.company')::bigint returning *
    ), folded as (
        insert into receivables_opensum (company_id, currency, due_on, credit, items, minor)
        select company_id, currency, due_on, credit, sum(items), sum(minor) from gone
        group by company_id, currency, due_on, credit
        having sum(items) <> 0 or sum(minor) <> 0
    )
    select count(*) from gone
$body$;

insert into receivables_opensum (company_id, currency, due_on, credit, items, minor)
select company_id, currency, due_on, open_minor < 0, count(*), sum(open_minor)
from receivables_itemstate where open_minor <> 0
group by company_id, currency, due_on, open_minor < 0;
