-- I23: A copy of an invoice that went with a notice is a document of an item that the notice asks for, byte for byte, after its letter was made.
-- Advice: Look at the notice's page and at the mail as it was sent; nothing but the program can write these rows.
-- Looks at: enclosures.

-- [broken]
select 'notice ' || e.notice_id || ', copy ' || e.place as object, n.customer_id as customer,
       to_jsonb(wrong.what) as difference
from dunning_noticeenclosure e
join dunning_notice n on n.company_id = e.company_id and n.id = e.notice_id
join receivables_itemdocument d on d.company_id = e.company_id and d.id = e.document_id
cross join lateral (values
    ('has other bytes than its document', e.blob_id <> d.blob_id),
    ('is of an item that the notice does not ask for', not exists (
        select from dunning_noticeline l
        where l.company_id = e.company_id and l.notice_id = e.notice_id and l.item_id = d.item_id
          and l.kind in ('due', 'upcoming')
    )),
    ('stands with a notice whose letter was never made', not exists (
        select from dunning_noticeevent r
        where r.company_id = e.company_id and r.notice_id = e.notice_id and r.kind = 'rendered'
    ))
) wrong (what, so)
where e.company_id = %(company)s and wrong.so
order by object, difference

-- [checked]
select count(*) from dunning_noticeenclosure where company_id = %(company)s
