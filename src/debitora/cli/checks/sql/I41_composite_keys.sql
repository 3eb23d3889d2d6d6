-- I41: Every foreign key between companies' tables joins equal companies, is validated, and its triggers are enabled.
-- Advice: Make the key composite (company_id first) and validate it; look for rows that name another company's (I41 names them).
-- Scope: installation
-- Looks at: foreign keys.

-- [broken]
with walled as (
    select c.oid, c.relname::text as name, a.attnum
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'people_grant'
)
select 'key ' || k.conname || ' of ' || k.conrelid::regclass as object, null::bigint as customer,
       to_jsonb(wrong.what) as difference
from pg_constraint k
join walled target on target.oid = k.confrelid
left join walled source on source.oid = k.conrelid
cross join lateral (values
    ('leads into a company''s table from one without company', source.oid is null),
    ('does not join equal companies', source.oid is not null and not exists (
        select from unnest(k.conkey, k.confkey) pair (mine, theirs)
        where pair.mine = source.attnum and pair.theirs = target.attnum
    )),
    ('was never validated', not k.convalidated),
    ('has disabled triggers', exists (
        select from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled <> 'O'
    ))
) wrong (what, so)
where k.contype = 'f' and wrong.so
order by object, wrong.what

-- [checked]
select count(*) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
