-- I42: Append-only tables refuse UPDATE, DELETE and TRUNCATE, kept ones DELETE and TRUNCATE: by grant and by an enabled trigger.
-- Advice: Revoke the right and put the trigger back (kit/pg/walls.py, refuse); whatever changed meanwhile, I1, I43 and I44 name.
-- Scope: installation
-- Looks at: protected tables.

-- [broken]
with protected (name, update_too) as (values
    ('trail_record', true), ('trail_subject', true), ('trail_seal', true), ('trail_wording', false),
    ('documents_blob', false), ('documents_source', false), ('documents_upload', true), ('documents_mapping', true),
    ('receivables_party', false), ('receivables_customer', false), ('receivables_item', true),
    ('receivables_terms', true), ('receivables_levelevent', true), ('receivables_listmark', true), ('receivables_itemgroup', true),
    ('receivables_itemstate', false), ('receivables_entry', true), ('receivables_allocation', true),
    ('receivables_itemdocument', false), ('receivables_itemdocumentchange', true), ('receivables_documentbatch', true), ('receivables_documentbatchfile', false), ('receivables_agreement', true), ('receivables_writeoff', true), ('receivables_writeoffstep', true), ('receivables_writeofflimit', true), ('receivables_agreementchange', true), ('receivables_note', true), ('receivables_notefile', false), ('receivables_notechange', true),
    ('receivables_contact', false), ('receivables_itemcontact', false), ('receivables_hold', true), ('receivables_holdrelease', true), ('receivables_claim', false), ('receivables_claimentry', true),
    ('messaging_sender', false), ('messaging_sendlock', true), ('messaging_sendunlock', true),
    ('messaging_text', true), ('messaging_intent', false), ('messaging_intentitem', true), ('messaging_attempt', true),
    ('messaging_call', true), ('messaging_callundo', true),
    ('messaging_pile', true), ('messaging_pileletter', true), ('messaging_pileevent', true),
    ('messaging_piledrop', false), ('messaging_incomingmail', false), ('messaging_imapmailbox', false),
    ('messaging_segment', false), ('messaging_consent', true), ('messaging_optout', true), ('messaging_segmentreceiver', false), ('messaging_mailchoice', false), ('messaging_personmail', false),
    ('messaging_accountchange', true), ('messaging_accountchangeend', true),
    ('dunning_strategy', false), ('dunning_strategyversion', true), ('dunning_run', false),
    ('dunning_runapproval', true), ('dunning_rundiscard', true), ('dunning_decision', true),
    ('dunning_pause', true), ('dunning_pauselift', true), ('dunning_rate', true), ('dunning_ratewithdrawal', true), ('dunning_rhythm', true), ('dunning_watch', false), ('dunning_runstep', true),
    ('dunning_salesquestion', true), ('dunning_salesanswer', true), ('dunning_salesmail', true), ('dunning_copymail', true), ('dunning_notice', true), ('dunning_noticeevent', true), ('dunning_noticeenclosure', true),
    ('disputes_case', true), ('disputes_caseitem', true), ('disputes_casestep', true), ('disputes_casehold', true), ('disputes_caseroute', true), ('disputes_routingversion', true),
    ('disputes_casestate', false), ('disputes_casemail', false), ('disputes_mailplacing', true), ('exchange_listimport', false),
    ('cash_bankaccount', false), ('cash_bankfile', true), ('cash_statement', false), ('cash_bankentry', true),
    ('cash_entrywords', false), ('cash_telling', true), ('cash_doubt', false), ('cash_gap', true),
    ('cash_entrystate', false), ('cash_booking', true), ('cash_bookedpart', true), ('cash_matchpolicy', true)
), roles (name) as (values ('debitora_app'), ('debitora_dispatcher'), ('debitora_checker')),
months (name) as (
    select inhrelid::regclass::text from pg_inherits where inhparent = to_regclass('public.dunning_decision')
),
-- Bits of tgtype: 2 before, 8 delete, 16 update, 32 truncate; 1 (for each row) must not be set.
refusing as (
    select t.tgrelid, bit_or(t.tgtype::int) as bits
    from pg_trigger t
    join pg_proc p on p.oid = t.tgfoid and p.proname = 'refuse_change'
    where t.tgenabled in ('O', 'A') and t.tgtype::int & 3 = 2 and t.tgqual is null and t.tgattr::text = ''
    group by t.tgrelid
)
select 'table ' || p.name as object, null::bigint as customer, to_jsonb(wrong.what) as difference
from (select name, update_too from protected union all select name, true from months) p
left join pg_class c on c.oid = to_regclass('public.' || p.name)
left join refusing r on r.tgrelid = c.oid
cross join lateral (
    select 'does not exist' as what where c.oid is null
    union all
    select 'has no enabled trigger that refuses ' || e.event
    from (values ('DELETE', 8), ('UPDATE', 16), ('TRUNCATE', 32)) e (event, bit)
    where c.oid is not null and (e.event <> 'UPDATE' or p.update_too) and coalesce(r.bits, 0) & e.bit = 0
    union all
    select role.name || ' may ' || e.event
    from roles role
    cross join (values ('DELETE'), ('UPDATE'), ('TRUNCATE')) e (event)
    where c.oid is not null and (
        (e.event = 'UPDATE' and p.update_too and (has_table_privilege(role.name, c.oid, 'UPDATE')
                                                  or has_any_column_privilege(role.name, c.oid, 'UPDATE')))
        or (e.event <> 'UPDATE' and has_table_privilege(role.name, c.oid, e.event))
    )
) wrong
union all
select 'table ' || m.name, null, to_jsonb(role.name || ' may ' || e.event || ' past the table of all months')
from months m
cross join (values ('debitora_app'), ('debitora_dispatcher')) role (name)
cross join (values ('SELECT'), ('INSERT')) e (event)
where has_table_privilege(role.name, m.name, e.event) or has_any_column_privilege(role.name, m.name, e.event)
union all
select 'table receivables_itemstate', null, to_jsonb('debitora_app may UPDATE its ' || k.name)
from (values ('company_id'), ('item_id'), ('customer_id'), ('currency')) k (name)
where has_column_privilege('debitora_app', 'receivables_itemstate', k.name, 'UPDATE')
union all
select 'function refuse_change', null, to_jsonb('does not refuse'::text)
where not exists (
    select from pg_proc
    where proname = 'refuse_change' and pronamespace = 'public'::regnamespace and prosrc ~ 'raise\s+exception'
      and prosrc !~* '\mreturn\M'
)
order by object, difference

-- [checked]
select 59 + count(*) from pg_inherits where inhparent = to_regclass('public.dunning_decision')
