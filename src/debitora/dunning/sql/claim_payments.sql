-- What settled the staged items and still does, each from its own day: payments, what lists told, what was written off.
select a.item_id, p.effective_on as "on", p.amount_minor as minor
from claim_lines a
cross join lateral (
    select x.effective_on, x.amount_minor from receivables_allocation x
    where x.company_id = current_setting('app.company')::bigint and x.debit_item_id = a.item_id and x.reverses_id is null
      and not exists (
          select from receivables_allocation r where r.company_id = x.company_id and r.reverses_id = x.id
      )
    union all
    select e.effective_on, -e.amount_minor from receivables_entry e
    where e.company_id = current_setting('app.company')::bigint and e.item_id = a.item_id and e.kind <> 'opened'
      and e.amount_minor < 0 and e.reverses_id is null
      and not exists (
          select from receivables_entry r
          where r.company_id = e.company_id and r.item_id = e.item_id and r.reverses_id = e.id
      )
) p
