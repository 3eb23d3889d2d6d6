-- I40: The roles that serve and look are no superusers, bypass nothing they should not, own nothing and are nobody else.
-- Advice: Stop the web and the workers; take the right away as the owner, then start `debitora up`, which sets the roles right.
-- Scope: installation
-- Looks at: roles.

-- [broken]
select 'role ' || r.rolname as object, null::bigint as customer, to_jsonb(wrong.what) as difference
from pg_roles r
cross join lateral (values
    ('is a superuser', r.rolsuper),
    ('bypasses row-level security', r.rolbypassrls and r.rolname in ('debitora_app', 'debitora_dispatcher')),
    ('may make roles or databases', (r.rolcreaterole or r.rolcreatedb) and r.rolname <> 'debitora_owner'),
    ('may replicate', r.rolreplication),
    ('may write', r.rolname = 'debitora_checker'
     and not coalesce('default_transaction_read_only=on' = any(r.rolconfig), false)),
    ('owns tables or functions', r.rolname <> 'debitora_owner' and (
        exists (select from pg_class c where c.relowner = r.oid and c.relpersistence <> 't')
        or exists (select from pg_proc p where p.proowner = r.oid)
        or exists (select from pg_namespace n where n.nspowner = r.oid and n.nspname !~ '^pg_')
        or exists (select from pg_database d where d.datdba = r.oid)
    )),
    ('may make objects in the schema', r.rolname <> 'debitora_owner'
     and has_schema_privilege(r.oid, 'public', 'create')),
    ('is a member of another role: ' || coalesce((
        select string_agg(m.roleid::regrole::text, ', ') from pg_auth_members m where m.member = r.oid
    ), ''), r.rolname <> 'debitora_owner' and exists (select from pg_auth_members m where m.member = r.oid))
) wrong (what, so)
where r.rolname in ('debitora_owner', 'debitora_app', 'debitora_dispatcher', 'debitora_checker') and wrong.so
order by r.rolname, wrong.what

-- [checked]
select count(*) from pg_roles
where rolname in ('debitora_owner', 'debitora_app', 'debitora_dispatcher', 'debitora_checker')
