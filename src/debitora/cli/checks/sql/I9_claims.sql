-- I9: A claim's amounts are the sum of its entries, waived, paid and booked never exceed what accrued, and none is claimed twice by one notice.
-- Advice: Keep the customer parked; a claim or one of its entries was changed by other means. Its entries tell what is right.
-- Looks at: claims.

-- [broken]
with told as (
    select claim_id,
           sum(case kind when 'accrued' then minor when 'returned' then -minor else 0 end) as accrued,
           sum(case kind when 'waived' then minor when 'restored' then -minor else 0 end) as waived,
           sum(case kind when 'paid' then minor when 'unpaid' then -minor else 0 end) as paid,
           sum(case kind when 'booked' then minor when 'unbooked' then -minor else 0 end) as booked
    from receivables_claimentry where company_id = %(company)s group by claim_id
), faults as (
    select c.id, c.customer_id, wrong.what || ' is ' || wrong.minor || ', its entries say ' || wrong.said as what
    from receivables_claim c
    left join told t on t.claim_id = c.id
    cross join lateral (values
        ('accrued', c.accrued_minor, coalesce(t.accrued, 0)),
        ('waived', c.waived_minor, coalesce(t.waived, 0)),
        ('paid', c.paid_minor, coalesce(t.paid, 0)),
        ('booked', c.booked_minor, coalesce(t.booked, 0))
    ) wrong (what, minor, said)
    where c.company_id = %(company)s and wrong.minor <> wrong.said
    union all
    select id, customer_id, 'waived, paid and booked exceed what accrued'
    from receivables_claim
    where company_id = %(company)s and waived_minor + paid_minor + booked_minor > accrued_minor
    union all
    select c.id, c.customer_id, 'accrued ' || count(*) || ' times by notice ' || e.notice_id
    from receivables_claimentry e
    join receivables_claim c on c.company_id = e.company_id and c.id = e.claim_id
    where e.company_id = %(company)s and e.kind = 'accrued'
    group by c.id, c.customer_id, e.notice_id having count(*) > 1
    union all
    select c.id, c.customer_id, 'a lump sum beyond 40 euros'
    from receivables_claim c
    where c.company_id = %(company)s and c.kind = 'lump_sum' and c.accrued_minor > 4000
)
select 'claim ' || id as object, customer_id as customer, to_jsonb(what) as difference
from faults order by id, what

-- [checked]
select count(*) from receivables_claim where company_id = %(company)s
