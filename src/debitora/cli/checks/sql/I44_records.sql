-- I44: Every trail record says who: an actor of a known kind with a name, and a user who exists. It is about things that exist.
-- Advice: The record was written or changed past the actions; I43 says whether it was sealed as it stands.
-- Fast: left out
-- Looks at: trail records.

-- [broken]
with known (kind, id) as (
    select 'item', id from receivables_item where company_id = %(company)s
    union all select 'customer', id from receivables_customer where company_id = %(company)s
    union all select 'hold', id from receivables_hold where company_id = %(company)s
    union all select 'case', id from disputes_case where company_id = %(company)s
    union all select 'run', id from dunning_run where company_id = %(company)s
    union all select 'notice', id from dunning_notice where company_id = %(company)s
    union all select 'strategy', id from dunning_strategy where company_id = %(company)s
    union all select 'intent', id from messaging_intent where company_id = %(company)s
    union all select 'text', id from messaging_text where company_id = %(company)s
    union all select 'lock', id from messaging_sendlock where company_id = %(company)s
    union all select 'sender', id from messaging_sender where company_id = %(company)s
    union all select 'import', id from exchange_listimport where company_id = %(company)s
    union all select 'list_import', id from exchange_listimport where company_id = %(company)s
    union all select 'source', id from documents_source where company_id = %(company)s
    union all select 'upload', id from documents_upload where company_id = %(company)s
    union all select 'company', id from people_company where id = %(company)s
    union all select 'user', id from people_user
    union all select 'absence', id from people_absence where company_id = %(company)s
)
select 'record ' || r.id as object, null::bigint as customer, to_jsonb(wrong.what) as difference
from trail_record r
cross join lateral (values
    ('names no actor', r.actor_label = '' or r.actor_kind = ''),
    ('names an actor of kind ' || r.actor_kind, r.actor_kind not in ('user', 'system', 'account', '')),
    ('names a user who does not exist', r.actor_kind = 'user'
     and not exists (select from people_user u where u.id = r.actor_id))
) wrong (what, so)
where r.company_id = %(company)s and wrong.so
union all
select 'record ' || s.record_id, null, to_jsonb('is about ' || s.kind || ' ' || s.object_id || ', which does not exist')
from trail_subject s
where s.company_id = %(company)s and s.kind in (select distinct kind from known)
  and not exists (select from known k where k.kind = s.kind and k.id = s.object_id)
order by object, difference

-- [checked]
select count(*) from trail_record where company_id = %(company)s
