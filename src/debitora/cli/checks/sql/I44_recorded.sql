-- I44: Every change has a trail record of the same moment: of the object itself, or of the customer whom it concerns.
-- Advice: Somebody wrote past the actions. Ask who had access to the database at that moment, and why.
-- Fast: left out
-- Looks at: changes.

-- [broken]
with told as (
    select distinct s.customer_id, r.recorded_at
    from trail_subject s
    join trail_record r on r.company_id = s.company_id and r.id = s.record_id
    where s.company_id = %(company)s and s.customer_id is not null
), of_object as (
    select s.kind, s.object_id, r.verb, r.recorded_at
    from trail_subject s
    join trail_record r on r.company_id = s.company_id and r.id = s.record_id
    where s.company_id = %(company)s and s.kind in
        ('run', 'import', 'strategy', 'text', 'lock', 'upload', 'hold', 'intent', 'customer', 'pause', 'rate', 'call', 'contact', 'case', 'question', 'rhythm', 'routing', 'item', 'item_document', 'document_batch', 'absence', 'write_off', 'write_off_limit', 'agreement', 'note')
), customer_change (kind, id, customer_id, at) as (
    select 'item', i.id, i.customer_id, i.recorded_at
    from receivables_item i where i.company_id = %(company)s
    union all
    select 'entry', e.id, i.customer_id, e.recorded_at
    from receivables_entry e
    join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
    where e.company_id = %(company)s
    union all
    select 'terms', t.id, i.customer_id, t.recorded_at
    from receivables_terms t
    join receivables_item i on i.company_id = t.company_id and i.id = t.item_id
    where t.company_id = %(company)s
    union all
    select 'product group', g.id, i.customer_id, g.recorded_at
    from receivables_itemgroup g
    join receivables_item i on i.company_id = g.company_id and i.id = g.item_id
    where g.company_id = %(company)s
    union all
    select 'level event', e.id, i.customer_id, e.recorded_at
    from receivables_levelevent e
    join receivables_item i on i.company_id = e.company_id and i.id = e.item_id
    where e.company_id = %(company)s
    union all
    select 'allocation', a.id, i.customer_id, a.recorded_at
    from receivables_allocation a
    join receivables_item i on i.company_id = a.company_id and i.id in (a.debit_item_id, a.credit_item_id)
    where a.company_id = %(company)s
    union all
    select 'notice event', e.id, n.customer_id, e.recorded_at
    from dunning_noticeevent e
    join dunning_notice n on n.company_id = e.company_id and n.id = e.notice_id
    where e.company_id = %(company)s
    union all
    select 'attempt', a.id, i.customer_id, a.recorded_at
    from messaging_attempt a
    join messaging_intent i on i.company_id = a.company_id and i.id = a.intent_id
    where a.company_id = %(company)s
      and a.state in ('accepted', 'printed', 'uncertain', 'stopped', 'cancelled', 'refused_perm', 'returned')
    union all
    select 'party', p.id, c.id, p.recorded_at
    from receivables_customer c
    join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
    where c.company_id = %(company)s
), object_change (name, kind, id, verbs, at, customer_id) as (
    select 'run', 'run', id, '{run.proposed}'::text[], created_at, null::bigint
    from dunning_run where company_id = %(company)s
    union all
    select 'approval of run', 'run', run_id, '{run.approved}', recorded_at, null
    from dunning_runapproval where company_id = %(company)s
    union all
    select 'discard of run', 'run', run_id, '{run.discarded}', recorded_at, null
    from dunning_rundiscard where company_id = %(company)s
    union all
    select 'contact', 'contact', id, '{contact.kept}', recorded_at, customer_id
    from receivables_contact where company_id = %(company)s and role <> 'invoices'
    union all
    select 'contact', 'contact', id, '{item.contact_named}', recorded_at, customer_id
    from receivables_contact where company_id = %(company)s and role = 'invoices'
    union all
    select 'contact of item', 'item', item_id, '{item.contact_named}', recorded_at, null
    from receivables_itemcontact where company_id = %(company)s
    union all
    select 'document of item', 'item_document', d.id, '{document.added}', d.added_at, i.customer_id
    from receivables_itemdocument d
    join receivables_item i on i.company_id = d.company_id and i.id = d.item_id
    where d.company_id = %(company)s
    union all
    select 'change of document', 'item_document', document_id, array['document.' || kind], changed_at, null
    from receivables_itemdocumentchange where company_id = %(company)s
    union all
    select 'batch of documents', 'document_batch', id, '{documents.handed_in}', handed_at, null
    from receivables_documentbatch where company_id = %(company)s
    union all
    select 'consent', 'consent', id, array['consent.' || kind], recorded_at, customer_id
    from messaging_consent where company_id = %(company)s
    union all
    select 'write-off', 'write_off', id, '{write_off.proposed}', proposed_at, customer_id
    from receivables_writeoff where company_id = %(company)s
    union all
    select 'step of write-off', 'write_off', write_off_id, array['write_off.' || kind], done_at, null
    from receivables_writeoffstep where company_id = %(company)s
    union all
    select 'limit of write-offs', 'write_off_limit', id, '{write_off_limit.chosen}', chosen_at, null
    from receivables_writeofflimit where company_id = %(company)s
    union all
    select 'agreement', 'agreement', id, '{agreement.entered}', entered_at, customer_id
    from receivables_agreement where company_id = %(company)s
    union all
    select 'change of agreement', 'agreement', agreement_id, array['agreement.' || kind], changed_at, null
    from receivables_agreementchange where company_id = %(company)s
    union all
    select 'opt-out', 'optout', id, array['optout.' || kind], recorded_at, customer_id
    from messaging_optout where company_id = %(company)s
    union all
    select 'note', 'note', id, '{note.written}', written_at, customer_id
    from receivables_note where company_id = %(company)s
    union all
    select 'change of note', 'note', note_id, array['note.' || kind], changed_at, null
    from receivables_notechange where company_id = %(company)s
    union all
    select 'absence', 'absence', id, '{absence.entered}', entered_at, null
    from people_absence where company_id = %(company)s
    union all
    select 'call', 'call', id, '{call.logged}', called_at, customer_id
    from messaging_call where company_id = %(company)s
    union all
    select 'word about call', 'call', call_id, '{call.undone}', undone_at, null
    from messaging_callundo where company_id = %(company)s
    union all
    select 'pause', 'pause', id, '{pause.placed}', placed_at, null
    from dunning_pause where company_id = %(company)s
    union all
    select 'lift of pause', 'pause', pause_id, '{pause.lifted}', lifted_at, null
    from dunning_pauselift where company_id = %(company)s
    union all
    select 'rhythm', 'rhythm', id, '{rhythm.chosen}', chosen_at, null
    from dunning_rhythm where company_id = %(company)s
    union all
    select 'routing', 'routing', id, '{routing.saved}', made_at, null
    from disputes_routingversion where company_id = %(company)s
    union all
    select 'question to sales', 'question', id, '{sales.asked}', asked_at, customer_id
    from dunning_salesquestion where company_id = %(company)s
    union all
    select 'answer of sales', 'question', a.question_id, array['sales.' || a.kind], a.answered_at, q.customer_id
    from dunning_salesanswer a join dunning_salesquestion q on q.company_id = a.company_id and q.id = a.question_id
    where a.company_id = %(company)s
    union all
    select 'rate', 'rate', id, '{rate.added}', added_at, null
    from dunning_rate where company_id = %(company)s
    union all
    select 'withdrawal of rate', 'rate', rate_id, '{rate.withdrawn}', withdrawn_at, null
    from dunning_ratewithdrawal where company_id = %(company)s
    union all
    select 'step of case', 'case', case_id, array['case.' || kind], recorded_at, null
    from disputes_casestep where company_id = %(company)s
    union all
    select 'strategy', 'strategy', strategy_id, '{strategy.saved}', made_at, null
    from dunning_strategyversion where company_id = %(company)s
    union all
    select 'text', 'text', id, '{text.saved}', made_at, null
    from messaging_text where company_id = %(company)s
    union all
    select 'lock', 'lock', id, '{sending.locked}', recorded_at, null
    from messaging_sendlock where company_id = %(company)s
    union all
    select 'unlock of lock', 'lock', lock_id, '{sending.unlocked}', recorded_at, null
    from messaging_sendunlock where company_id = %(company)s
    union all
    select 'file', 'upload', id, '{file.uploaded}', uploaded_at, null
    from documents_upload where company_id = %(company)s
    union all
    select 'import', 'import', id, '{import.applied}', applied_at, null
    from exchange_listimport where company_id = %(company)s and state in ('applied', 'undone')
    union all
    select 'undoing of import', 'import', id, '{import.undone}', undone_at, null
    from exchange_listimport where company_id = %(company)s and state = 'undone'
    union all
    select 'hold', 'hold', id, '{hold.placed,hold.extended}', recorded_at, customer_id
    from receivables_hold where company_id = %(company)s
    union all
    select 'parking of customer', 'customer', id, '{customer.parked}', parked_at, id
    from receivables_customer where company_id = %(company)s and parked_at is not null
), release as (
    select r.hold_id, h.customer_id, r.recorded_at as at
    from receivables_holdrelease r
    join receivables_hold h on h.company_id = r.company_id and h.id = r.hold_id
    where r.company_id = %(company)s
)
select c.kind || ' ' || c.id as object, min(c.customer_id) as customer,
       to_jsonb('no record of ' || c.at) as difference
from customer_change c
where not exists (select from told t where t.customer_id = c.customer_id and t.recorded_at = c.at)
group by c.kind, c.id, c.at
union all
select c.name || ' ' || c.id, c.customer_id, to_jsonb('no record of ' || coalesce(c.at::text, 'any moment'))
from object_change c
where not exists (
    select from of_object o
    where o.kind = c.kind and o.object_id = c.id and o.verb = any(c.verbs) and o.recorded_at = c.at
)
union all
select 'release of hold ' || r.hold_id, r.customer_id, to_jsonb('no record of ' || r.at)
from release r
where not exists (select from told t where t.customer_id = r.customer_id and t.recorded_at = r.at)
order by object, difference

-- [checked]
select (select count(*) from receivables_item where company_id = %(company)s)
     + (select count(*) from receivables_entry where company_id = %(company)s)
     + (select count(*) from receivables_terms where company_id = %(company)s)
     + (select count(*) from receivables_levelevent where company_id = %(company)s)
     + (select count(*) from receivables_allocation where company_id = %(company)s)
     + (select count(*) from dunning_noticeevent where company_id = %(company)s)
     + (select count(*) from messaging_attempt where company_id = %(company)s)
     + (select count(*) from dunning_run where company_id = %(company)s)
