-- What the staged claims of a notice accrued stands on the account as an item of its own now.
insert into receivables_claimentry
    (company_id, claim_id, kind, minor, notice_id, effective_on, recorded_at, actor_id, actor_label)
select e.company_id, e.claim_id, 'booked', e.minor, e.notice_id, %(on)s, %(at)s, %(actor_id)s, %(actor)s
from receivables_claimentry e
where e.company_id = %(company)s and e.notice_id = any(%(notices)s) and e.kind = 'accrued'
order by e.claim_id, e.notice_id
on conflict do nothing;

drop table if exists pg_temp.claim_touched;
create temporary table claim_touched on commit drop as
select e.notice_id, c.kind, e.claim_id, e.minor from receivables_claimentry e
join receivables_claim c on c.company_id = e.company_id and c.id = e.claim_id
where e.company_id = %(company)s and e.notice_id = any(%(notices)s) and e.kind = 'booked' and e.recorded_at = %(at)s
