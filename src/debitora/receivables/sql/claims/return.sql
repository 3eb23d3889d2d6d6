-- What notices claimed that came back: first what was booked of it stands beside the account again, then what is still open is
-- taken back. What was paid or waived of it meanwhile stays so.
insert into receivables_claimentry
    (company_id, claim_id, kind, minor, notice_id, effective_on, recorded_at, actor_id, actor_label)
select e.company_id, e.claim_id, 'unbooked', e.minor, e.notice_id, %(on)s, %(at)s, %(actor_id)s, %(actor)s
from receivables_claimentry e
where e.company_id = %(company)s and e.notice_id = any(%(notices)s) and e.kind = 'booked'
order by e.claim_id, e.notice_id
on conflict do nothing;

drop table if exists pg_temp.claim_touched;
create temporary table claim_touched on commit drop as
select e.notice_id, e.claim_id, least(e.minor, s.open_now) as minor
from receivables_claimentry e
cross join lateral (
    select coalesce(sum(o.minor * case when o.kind in ('accrued', 'restored', 'unpaid', 'unbooked') then 1 else -1 end), 0) as open_now
    from receivables_claimentry o where o.company_id = e.company_id and o.claim_id = e.claim_id
) s
where e.company_id = %(company)s and e.notice_id = any(%(notices)s) and e.kind = 'accrued'
  and not exists (
      select from receivables_claimentry r
      where r.company_id = e.company_id and r.claim_id = e.claim_id and r.notice_id = e.notice_id and r.kind = 'returned'
  );

insert into receivables_claimentry
    (company_id, claim_id, kind, minor, notice_id, effective_on, recorded_at, actor_id, actor_label)
select %(company)s, t.claim_id, 'returned', t.minor, t.notice_id, %(on)s, %(at)s, %(actor_id)s, %(actor)s
from claim_touched t where t.minor > 0
order by t.claim_id, t.notice_id
