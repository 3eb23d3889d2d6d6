-- The lines of notices, put into their notices: five arrays of a row instead of a row and a key for each line. They are
-- written with the notice and never changed, so they lose nothing by it; who reads lines reads the view, a row per line.
alter table dunning_notice disable trigger user;
update dunning_notice n set
    line_items = l.items, line_kinds = l.kinds, line_open_minor = l.opens, line_levels_from = l.befores,
    line_levels_to = l.afters
from (
    select company_id, notice_id, array_agg(item_id order by item_id) as items,
           array_agg(array_position(array['due', 'also_open', 'credit', 'upcoming'], kind::text)::smallint order by item_id) as kinds,
           array_agg(open_minor order by item_id) as opens, array_agg(level_from order by item_id) as befores,
           array_agg(level_to order by item_id) as afters
    from dunning_noticeline group by company_id, notice_id
) l
where l.company_id = n.company_id and l.notice_id = n.id;
alter table dunning_notice enable trigger user;
drop table dunning_noticeline;
drop function dunning_noticeline_refs();

alter table dunning_notice add constraint notice_lines_whole check (
    cardinality(line_items) = cardinality(line_kinds) and cardinality(line_items) = cardinality(line_open_minor)
    and cardinality(line_items) = cardinality(line_levels_from) and cardinality(line_items) = cardinality(line_levels_to)
    and line_kinds <@ array[1, 2, 3, 4]::smallint[]
);

-- The reader's own rights and walls count (security_invoker).
create view dunning_noticeline with (security_invoker = true) as
select n.company_id, n.id as notice_id, l.item_id,
       (array['due', 'also_open', 'credit', 'upcoming'])[l.kind] as kind, l.open_minor, l.level_from, l.level_to
from dunning_notice n
cross join lateral unnest(n.line_items, n.line_kinds, n.line_open_minor, n.line_levels_from, n.line_levels_to)
    as l (item_id, kind, open_minor, level_from, level_to);
revoke all on dunning_noticeline from debitora_app, debitora_dispatcher;
grant select on dunning_noticeline to debitora_app;

create or replace function dunning_learn_sizes() returns void language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    analyze dunning_notice;
    analyze dunning_noticeevent;
end $body$;
