-- I20: One notice per run and group; one message per notice, channel and recipient.
-- Advice: Cancel what has not left. If both left, tell the customer which of the two counts.
-- Looks at: notices and messages.

-- [broken]
select 'notice ' || max(id) as object, max(customer_id) as customer, to_jsonb(count(*) - 1) as difference
from dunning_notice where company_id = %(company)s
group by run_id, group_key having count(*) > 1
union all
select 'message ' || max(id), max(customer_id), to_jsonb(count(*) - 1)
from messaging_intent where company_id = %(company)s
group by kind, subject_id, channel, recipient having count(*) > 1
order by object

-- [checked]
select (select count(*) from dunning_notice where company_id = %(company)s)
     + (select count(*) from messaging_intent where company_id = %(company)s)
