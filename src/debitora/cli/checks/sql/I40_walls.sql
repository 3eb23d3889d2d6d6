-- I40: Every table of a company's data has a company in each row and in its key, and forced row-level security with our one policy.
-- Advice: Stop the web and the workers; run `debitora migrate`, or put the wall back as kit/pg/walls.py writes it.
-- Scope: installation
-- Looks at: tables.

-- A view is walled by being read with the reader's own rights: then the walls of its tables are its own.
-- What belongs to no company, or is read before a company is served. Everything else must be walled.
-- [broken]
with outside (name) as (values
    ('people_company'), ('people_user'), ('people_grant'), ('messaging_installation'), ('auth_group'),
    ('auth_group_permissions'), ('auth_permission'), ('kit_cache'), ('people_user_groups'), ('people_user_user_permissions')
), tables as (
    select c.oid, c.relname::text as name, c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.relkind,
           c.relkind = 'v' as is_view
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f', 'v', 'm')
      and c.relname !~ '^(django|account|socialaccount|mfa|procrastinate|usersessions)_'
      and c.relname not in (select name from outside)
), policy as (
    select p.polrelid, p.polname::text as name, p.polcmd, p.polpermissive, p.polroles,
           regexp_replace(coalesce(pg_get_expr(p.polqual, p.polrelid), ''), '[()\s]|::text', '', 'g') as seen,
           regexp_replace(coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''), '[()\s]|::text', '', 'g') as written
    from pg_policy p
), wall as (
    select polrelid from policy
    where polcmd = '*' and polpermissive and polroles = array['debitora_app'::regrole::oid]
      and seen = 'company_id=current_setting''app.company''::bigint' and written = seen
)
select 'table ' || t.name as object, null::bigint as customer, to_jsonb(wrong.what) as difference
from tables t
cross join lateral (values
    ('shows rows with the rights of its owner', t.is_view and not exists (
        select from pg_class c where c.oid = t.oid and 'security_invoker=true' = any(c.reloptions)
    )),
    ('has no company_id that is never null', not t.is_view and not exists (
        select from pg_attribute a
        where a.attrelid = t.oid and a.attname = 'company_id' and a.attnotnull and not a.attisdropped
    )),
    ('does not enable row-level security', not t.relrowsecurity and not t.is_view),
    ('does not force row-level security', not t.relforcerowsecurity and not t.is_view),
    ('has no policy that lets the app see and write its company only', t.oid not in (select polrelid from wall) and not t.is_view),
    ('has a policy of more than its company: ' || coalesce((
        select string_agg(p.name, ', ' order by p.name) from policy p
        where p.polrelid = t.oid and p.polpermissive
          and (p.polroles = '{0}' or 'debitora_app'::regrole::oid = any(p.polroles))
          and p.seen <> 'company_id=current_setting''app.company''::bigint'
    ), ''), exists (
        select from policy p
        where p.polrelid = t.oid and p.polpermissive
          and (p.polroles = '{0}' or 'debitora_app'::regrole::oid = any(p.polroles))
          and p.seen <> 'company_id=current_setting''app.company''::bigint'
    )),
    ('has a key that does not begin with its company', t.relkind in ('r', 'p') and not exists (
        select from pg_constraint k
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1] and a.attname = 'company_id'
        where k.conrelid = t.oid and k.contype = 'p'
    ))
) wrong (what, so)
where wrong.so
order by t.name, wrong.what

-- [checked]
select count(*) from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f', 'v', 'm')
