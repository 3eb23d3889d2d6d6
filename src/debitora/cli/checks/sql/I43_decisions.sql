-- I43: A run's decisions are those whose digest the run and its trail record hold: SHA-256 over one line per item in item order.
-- Advice: A decision was changed, added or removed after the run was proposed; if the run is not approved, discard it.
-- Looks at: runs.

-- Of a month that the trail says was dropped no rows are kept, only what notices decided, and none may have come back.

-- [broken]
with recomputed as (
    select d.run_id, sha256(convert_to(string_agg(
        concat_ws(',', d.item_id, d.customer_id, d.currency, d.reason, d.level_before, d.level_to, d.days_overdue,
                  d.open_minor, d.held_minor, coalesce(d.strategy_version_id, 0)) || E'\n',
        '' order by d.item_id
    ), 'UTF8')) as digest
    from dunning_decided d
    join dunning_run r on r.company_id = d.company_id and r.id = d.run_id
    where d.company_id = %(company)s and r.created_at >= %(since)s
    group by d.run_id
)
select 'run ' || r.id as object, null::bigint as customer, to_jsonb(wrong.what) as difference
from dunning_run r
left join recomputed c on c.run_id = r.id
cross join lateral (
    select exists (select from dunning_decision d where d.company_id = r.company_id and d.run_id = r.id) as so
) rows
left join lateral (
    select t.digest
    from trail_subject s
    join trail_record t on t.company_id = s.company_id and t.id = s.record_id and t.verb = 'run.proposed'
    where s.company_id = r.company_id and s.kind = 'run' and s.object_id = r.id
    order by t.id limit 1
) told on true
cross join lateral (
  select not exists (
      select from trail_record t
      where t.company_id = r.company_id and t.verb = 'decisions.dropped'
        and t.facts ->> 'month' = to_char(r.created_at at time zone 'UTC', 'YYYY-MM')
  ) as so
) kept
cross join lateral (values
    ('its decisions are not the ones it was proposed with', kept.so and coalesce(c.digest, sha256('')) <> r.digest),
    ('has decisions, though those of its month were dropped', not kept.so and rows.so),
    ('its digest is not the one in the trail', r.digest is distinct from told.digest)
) wrong (what, so)
where r.company_id = %(company)s and r.created_at >= %(since)s and wrong.so
order by r.id, wrong.what

-- [checked]
select count(*) from dunning_run where company_id = %(company)s and created_at >= %(since)s
