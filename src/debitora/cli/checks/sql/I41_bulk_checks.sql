-- I41: Tables written in bulk have no row-wise keys; instead a trigger checks every INSERT, and it exists and is enabled.
-- Advice: Stop imports and runs; put the trigger back as its room's migration writes it, then check again: I41 names what slipped in.
-- Scope: installation
-- Looks at: triggers.

-- [broken]
with owed (relation, name) as (values
    ('dunning_decision', 'refs'), ('dunning_notice', 'refs'),
    ('messaging_intentitem', 'refs'), ('receivables_item', 'refs'), ('receivables_terms', 'refs'),
    ('receivables_levelevent', 'refs'), ('receivables_listmark', 'refs'), ('receivables_itemgroup', 'refs'), ('receivables_itemstate', 'refs'),
    ('receivables_entry', 'refs'), ('receivables_entry', 'reversals'), ('receivables_allocation', 'joins'),
    ('trail_subject', 'refs'), ('cash_entrystate', 'refs'), ('cash_booking', 'refs'), ('cash_bookedpart', 'refs'),
    ('cash_proposal', 'refs')
), months (relation) as (
    select inhrelid::regclass::text from pg_inherits where inhparent = to_regclass('public.dunning_decision')
)
select 'trigger ' || o.name || ' of ' || o.relation as object, null::bigint as customer,
       to_jsonb(case when t.oid is null then 'does not exist' else 'is disabled' end) as difference
from (select relation, name from owed union all select relation, 'refs' from months) o
left join pg_trigger t on t.tgrelid = to_regclass('public.' || o.relation) and t.tgname = o.name
where t.oid is null or t.tgenabled not in ('O', 'A')
order by object

-- [checked]
select 17 + count(*) from pg_inherits where inhparent = to_regclass('public.dunning_decision')
