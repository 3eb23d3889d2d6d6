-- I22: What left the house says who approved it, as of when, to whom, and with which document: the one its notice was rendered as.
-- Advice: Keep the customer parked and compare the message with its notice's rendered document before anything else goes out.
-- Looks at: messages accepted, printed, or come back.

-- [broken]
select 'message ' || i.id as object, i.customer_id as customer, to_jsonb(wrong.what) as difference
from messaging_intent i
left join dunning_notice n on n.company_id = i.company_id and n.id = i.subject_id and i.kind = 'notice'
left join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
left join dunning_runapproval p on p.company_id = n.company_id and p.run_id = n.run_id
cross join lateral (values
    ('has no document', i.document_id is null),
    ('has no mail bytes', i.channel = 'mail' and i.body_id is null),
    ('has no recipient', i.channel = 'mail' and i.recipient = ''),
    ('has no approver', i.approved_by_label = ''),
    ('its run was not approved by ' || i.approved_by_label,
     n.id is not null and p.approved_by_label is distinct from i.approved_by_label),
    ('its run is ' || r.state, r.state not in ('approved', 'released')),
    ('tells another moment of its data than its run', r.data_as_of <> i.data_as_of),
    ('its document is none that its notice was rendered as', n.id is not null and not exists (
        select from dunning_noticeevent e
        where e.company_id = n.company_id and e.notice_id = n.id and e.kind = 'rendered'
          and e.document_id = i.document_id
    ))
) wrong (what, so)
where i.company_id = %(company)s and i.state in ('accepted', 'printed', 'returned') and wrong.so
order by i.id, wrong.what

-- [checked]
select count(*) from messaging_intent where company_id = %(company)s and state in ('accepted', 'printed', 'returned')
