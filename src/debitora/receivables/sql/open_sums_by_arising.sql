-- What is open by currency, due day, side and the year in which it arose: a claim lapses some years after that one, so its radar
-- adds up from here. What open_sums.sql says holds on.

alter table receivables_itemstate add issued_on date;
alter table receivables_itemstate disable trigger user;
update receivables_itemstate s set issued_on = i.issued_on
from receivables_item i
where i.company_id = s.company_id and i.id = s.item_id and i.issued_on is not null;
alter table receivables_itemstate enable trigger user;
alter table receivables_itemstate add arose_on date generated always as (least(issued_on, due_on)) stored;
create index open_by_arising on receivables_itemstate (company_id, arose_on, item_id) where open_minor > 0;

-- The countries of customers are found in it step by step, not customer by customer.
create index party_by_country on receivables_party (company_id, country);

truncate receivables_opensum;
alter table receivables_opensum add arose_in smallint not null;

create or replace function receivables_opensum_opened() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    insert into receivables_opensum (company_id, currency, due_on, arose_in, credit, items, minor)
    select company_id, currency, due_on, extract(year from arose_on), open_minor < 0, count(*), sum(open_minor)
    from added where open_minor <> 0
    group by company_id, currency, due_on, extract(year from arose_on), open_minor < 0;
    return null;
end $body$;

create or replace function receivables_opensum_changed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    insert into receivables_opensum (company_id, currency, due_on, arose_in, credit, items, minor)
    select company_id, currency, due_on, extract(year from arose_on), open_minor < 0, sum(n), sum(n * open_minor)
    from (
        select company_id, currency, due_on, arose_on, open_minor, 1 as n from added
        union all
        select company_id, currency, due_on, arose_on, open_minor, -1 from replaced
    ) both_sides
    where open_minor <> 0
    group by company_id, currency, due_on, extract(year from arose_on), open_minor < 0
    having sum(n) <> 0 or sum(n * open_minor) <> 0;
    return null;
end $body$;

-- Many rows of a day become one; the served company's only. Returns how many rows there were.
create or replace function receivables_fold_open_sums() returns bigint language sql volatile security definer
set search_path = public, pg_temp as $body$
    with gone as (
        delete from receivables_opensum where company_id = current_setting('app.company')::bigint returning *
    ), folded as (
        insert into receivables_opensum (company_id, currency, due_on, arose_in, credit, items, minor)
        select company_id, currency, due_on, arose_in, credit, sum(items), sum(minor) from gone
        group by company_id, currency, due_on, arose_in, credit
        having sum(items) <> 0 or sum(minor) <> 0
    )
    select count(*) from gone
$body$;

insert into receivables_opensum (company_id, currency, due_on, arose_in, credit, items, minor)
select company_id, currency, due_on, extract(year from arose_on), open_minor < 0, count(*), sum(open_minor)
from receivables_itemstate where open_minor <> 0
group by company_id, currency, due_on, extract(year from arose_on), open_minor < 0;
