-- I24: A message goes to its own customer: her notice, her items, her party as it read, and an address of that party or of her contact.
-- Advice: Keep the customer parked. If it left, this is a disclosure to a stranger: tell whoever answers for data protection.
-- Looks at: messages.

-- [broken]
select 'message ' || i.id as object, i.customer_id as customer, to_jsonb(wrong.what) as difference
from messaging_intent i
left join receivables_customer c on c.company_id = i.company_id and c.id = i.customer_id
left join receivables_party p on p.company_id = i.company_id and p.id = i.party_id
left join receivables_contact k
  on k.company_id = i.company_id and k.id = i.contact_id and k.customer_id = coalesce(i.via_id, i.customer_id)
left join documents_blob b on b.company_id = i.company_id and b.id = i.document_id
left join dunning_notice n on n.company_id = i.company_id and n.id = i.subject_id and i.kind = 'notice'
cross join lateral (values
    ('its customer is none of this company', c.id is null),
    ('its recipient''s party is none of this company', p.id is null),
    ('its document is none of this company', i.document_id is not null and b.id is null),
    ('its notice is none of this company', i.kind = 'notice' and n.id is null),
    ('its notice is for customer ' || n.customer_id, n.customer_id <> i.customer_id),
    ('goes to an address that its party does not have',
     i.channel = 'mail' and p.erased_at is null and i.recipient <> coalesce(k.email, p.email) and k.erased_at is null),
    ('goes to a contact of another customer', i.contact_id is not null and k.id is null),
    ('was made before its party was recorded', p.recorded_at > i.created_at + interval '5 minutes'),
    ('goes to the party of another customer', exists (
        select from receivables_customer o
        where o.company_id = i.company_id and o.party_id = i.party_id and o.id <> coalesce(i.via_id, i.customer_id)
    ) or exists (
        select from messaging_intent o
        where o.company_id = i.company_id and o.party_id = i.party_id
          and coalesce(o.via_id, o.customer_id) <> coalesce(i.via_id, i.customer_id)
    )),
    ('goes to a parent company of nobody', i.via_id = i.customer_id or i.via_id is not null and i.kind <> 'notice'),
    ('its notice was rendered for another party', n.id is not null and not exists (
        select from dunning_noticeevent e
        where e.company_id = n.company_id and e.notice_id = n.id and e.kind = 'rendered' and e.party_id = i.party_id
    )),
    ('lists an item of another customer', exists (
        select from messaging_intentitem l
        join receivables_item o on o.company_id = l.company_id and o.id = l.item_id
        where l.company_id = i.company_id and l.intent_id = i.id and o.customer_id <> i.customer_id
    ))
) wrong (what, so)
where i.company_id = %(company)s and wrong.so
order by i.id, wrong.what

-- [checked]
select count(*) from messaging_intent where company_id = %(company)s
