-- What notices ask for beside their items becomes claims. A claim accrues by what is asked less what was open of it when the
-- run read the ledger (as_of): so what was paid or waived since stays paid or waived. Where less is asked, the difference is returned.
insert into receivables_claim
    (company_id, kind, customer_id, item_id, notice_id, currency, accrued_minor, waived_minor, paid_minor, booked_minor)
select %(company)s, a.kind, a.customer_id, a.item_id, case when a.item_id is null then a.notice_id end, a.currency, 0, 0, 0, 0
from claim_asked a
where a.minor > 0
order by a.notice_id, a.item_id, a.kind
on conflict do nothing;

drop table if exists pg_temp.claim_touched;
create temporary table claim_touched on commit drop as
select a.notice_id, a.until_on, c.id as claim_id, a.minor - s.open_then as change, s.open_now
from claim_asked a
join receivables_claim c
  on c.company_id = %(company)s and c.kind = a.kind
 and (c.item_id = a.item_id or (a.item_id is null and c.notice_id = a.notice_id))
cross join lateral (
    select coalesce(sum(e.minor * d.sign) filter (where e.recorded_at <= %(as_of)s), 0) as open_then,
           coalesce(sum(e.minor * d.sign), 0) as open_now
    from receivables_claimentry e
    cross join lateral (select case when e.kind in ('accrued', 'restored', 'unpaid', 'unbooked') then 1 else -1 end as sign) d
    where e.company_id = c.company_id and e.claim_id = c.id
) s
where not exists (
    select from receivables_claimentry e
    where e.company_id = c.company_id and e.claim_id = c.id and e.notice_id = a.notice_id and e.kind in ('accrued', 'returned')
);

insert into receivables_claimentry
    (company_id, claim_id, kind, minor, notice_id, until_on, effective_on, recorded_at, actor_id, actor_label)
select %(company)s, t.claim_id, case when t.change > 0 then 'accrued' else 'returned' end,
       case when t.change > 0 then t.change else least(-t.change, t.open_now) end, t.notice_id, t.until_on,
       %(on)s, %(at)s, %(actor_id)s, %(actor)s
from claim_touched t
where t.change > 0 or (t.change < 0 and t.open_now > 0)
order by t.claim_id, t.notice_id
