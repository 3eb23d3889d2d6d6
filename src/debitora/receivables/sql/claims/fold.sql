-- The amounts of the touched claims, folded from all their entries.
update receivables_claim c
set accrued_minor = f.accrued, waived_minor = f.waived, paid_minor = f.paid, booked_minor = f.booked, until_on = f.until_on
from (
    select e.claim_id,
           coalesce(sum(e.minor) filter (where e.kind = 'accrued'), 0) - coalesce(sum(e.minor) filter (where e.kind = 'returned'), 0) as accrued,
           coalesce(sum(e.minor) filter (where e.kind = 'waived'), 0) - coalesce(sum(e.minor) filter (where e.kind = 'restored'), 0) as waived,
           coalesce(sum(e.minor) filter (where e.kind = 'paid'), 0) - coalesce(sum(e.minor) filter (where e.kind = 'unpaid'), 0) as paid,
           coalesce(sum(e.minor) filter (where e.kind = 'booked'), 0) - coalesce(sum(e.minor) filter (where e.kind = 'unbooked'), 0) as booked,
           max(e.until_on) filter (where not exists (
               select from receivables_claimentry r
               where r.company_id = e.company_id and r.claim_id = e.claim_id and r.notice_id = e.notice_id
                 and r.kind = 'returned' and r.until_on is null
           )) as until_on
    from receivables_claimentry e
    where e.company_id = %(company)s and e.claim_id in (select t.claim_id from claim_touched t)
    group by e.claim_id
) f
where c.company_id = %(company)s and c.id = f.claim_id
