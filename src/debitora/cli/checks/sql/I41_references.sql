-- I41: What a row names exists in its own company, where no foreign key says so: the anti-joins of the bulk writers, repeated.
-- Advice: The row names nothing, or another company's. Find out who wrote it; park its customer until it is corrected.
-- Fast: left out
-- Looks at: references of bulk tables.

-- [broken]
with dangling (source, id, what, customer) as (
    select 'decision of run ' || d.run_id || ' for item', d.item_id, wrong.what, d.customer_id
    from dunning_decision d
    left join dunning_run r
      on r.company_id = d.company_id and r.id = d.run_id
     and date_trunc('month', r.created_at at time zone 'UTC')::date = d.month
    left join receivables_item i on i.company_id = d.company_id and i.id = d.item_id
    left join receivables_customer c on c.company_id = d.company_id and c.id = d.customer_id
    left join dunning_strategyversion v on v.company_id = d.company_id and v.id = d.strategy_version_id
    cross join lateral (values
        ('run', r.id is null), ('item', i.id is null), ('customer', c.id is null or i.customer_id <> c.id),
        ('strategy', v.id is null and d.strategy_version_id is not null)
    ) wrong (what, so)
    where d.company_id = %(company)s and wrong.so
    union all
    select 'notice', n.id, wrong.what, n.customer_id
    from dunning_notice n
    left join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
    left join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
    left join dunning_strategyversion v on v.company_id = n.company_id and v.id = n.strategy_version_id
    cross join lateral (values ('run', r.id is null), ('customer', c.id is null), ('strategy', v.id is null)) wrong (what, so)
    where n.company_id = %(company)s and wrong.so
    union all
    select 'line of notice ' || l.notice_id || ' for item', l.item_id, wrong.what, n.customer_id
    from dunning_noticeline l
    left join dunning_notice n on n.company_id = l.company_id and n.id = l.notice_id
    left join receivables_item i on i.company_id = l.company_id and i.id = l.item_id
    cross join lateral (values ('notice', n.id is null), ('item', i.id is null)) wrong (what, so)
    where l.company_id = %(company)s and wrong.so
    union all
    select 'condition of message ' || d.intent_id || ' on item', d.item_id, wrong.what, m.customer_id
    from messaging_intentitem d
    left join messaging_intent m on m.company_id = d.company_id and m.id = d.intent_id
    left join receivables_item i on i.company_id = d.company_id and i.id = d.item_id
    cross join lateral (values ('message', m.id is null), ('item', i.id is null)) wrong (what, so)
    where d.company_id = %(company)s and wrong.so
    union all
    select 'item', i.id, wrong.what, c.id
    from receivables_item i
    left join receivables_customer c on c.company_id = i.company_id and c.id = i.customer_id
    left join documents_source s on s.company_id = i.company_id and s.id = i.source_id
    left join exchange_listimport m on m.company_id = i.company_id and m.id = i.list_import_id
    cross join lateral (values
        ('customer', c.id is null), ('source', s.id is null), ('import', m.id is null and i.list_import_id is not null)
    ) wrong (what, so)
    where i.company_id = %(company)s and wrong.so
      and (c.id is null or s.id is null or m.id is null and i.list_import_id is not null)
    union all
    select 'state of item', s.item_id, 'item', s.customer_id
    from receivables_itemstate s
    where s.company_id = %(company)s
      and not exists (select from receivables_item i where i.company_id = s.company_id and i.id = s.item_id)
    union all
    select 'entry', e.id, 'item', null
    from receivables_entry e
    where e.company_id = %(company)s
      and not exists (select from receivables_item i where i.company_id = e.company_id and i.id = e.item_id)
    union all
    select 'entry', e.id, 'entry that it reverses', i.customer_id
    from receivables_entry e
    left join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
    where e.company_id = %(company)s and e.reverses_id is not null and not exists (
        select from receivables_entry o where o.company_id = e.company_id and o.id = e.reverses_id
    )
    union all
    select 'entry', e.id, 'import', i.customer_id
    from receivables_entry e
    left join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
    where e.company_id = %(company)s and e.list_import_id is not null and not exists (
        select from exchange_listimport m where m.company_id = e.company_id and m.id = e.list_import_id
    )
    union all
    select 'release', a.id, 'allocation that it takes back', i.customer_id
    from receivables_allocation a
    left join receivables_item i on i.company_id = a.company_id and i.id = a.debit_item_id
    where a.company_id = %(company)s and a.reverses_id is not null and not exists (
        select from receivables_allocation o where o.company_id = a.company_id and o.id = a.reverses_id
    )
    union all
    select 'terms', t.id, 'item', null
    from receivables_terms t
    where t.company_id = %(company)s
      and not exists (select from receivables_item i where i.company_id = t.company_id and i.id = t.item_id)
    union all
    select 'list mark', m.id, 'item', null
    from receivables_listmark m
    where m.company_id = %(company)s
      and not exists (select from receivables_item i where i.company_id = m.company_id and i.id = m.item_id)
    union all
    select 'product group', g.id, 'item', null
    from receivables_itemgroup g
    where g.company_id = %(company)s
      and not exists (select from receivables_item i where i.company_id = g.company_id and i.id = g.item_id)
    union all
    select 'subject', s.id, 'record', s.customer_id
    from trail_subject s
    where s.company_id = %(company)s
      and not exists (select from trail_record r where r.company_id = s.company_id and r.id = s.record_id)
    union all
    select 'level event', e.id, wrong.what, i.customer_id
    from receivables_levelevent e
    left join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
    left join dunning_notice n on n.company_id = e.company_id and n.id = e.notice_id
    cross join lateral (values ('item', i.id is null), ('notice', n.id is null)) wrong (what, so)
    where e.company_id = %(company)s and wrong.so
)
select source || ' ' || id as object, customer, to_jsonb('names no ' || what || ' of this company') as difference
from dangling
order by object, what

-- [checked]
select (select count(*) from dunning_decision where company_id = %(company)s)
     + (select count(*) from dunning_notice where company_id = %(company)s)
     + (select count(*) from dunning_noticeline where company_id = %(company)s)
     + (select count(*) from messaging_intentitem where company_id = %(company)s)
     + (select count(*) from receivables_item where company_id = %(company)s)
     + (select count(*) from receivables_entry where company_id = %(company)s)
     + (select count(*) from receivables_terms where company_id = %(company)s)
     + (select count(*) from receivables_levelevent where company_id = %(company)s)
     + (select count(*) from trail_subject where company_id = %(company)s)
