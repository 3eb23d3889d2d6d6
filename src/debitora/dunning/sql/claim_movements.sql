-- What changed the staged items after they were opened and still does, each from its own day: above zero what raised them,
-- below zero what settled them: payments, what lists told, what was written off. What is open
-- after all of them is read at the same moment, so that both fit whatever is booked meanwhile.
select moved.item_id, moved."on", moved.minor, s.open_minor
from (
    select a.item_id, x.effective_on as "on", -x.amount_minor as minor
    from claim_lines a
    join receivables_allocation x
      on x.company_id = current_setting('app.company')::bigint and x.debit_item_id = a.item_id and x.reverses_id is null
    where not exists (
        select from receivables_allocation r where r.company_id = current_setting('app.company')::bigint and r.reverses_id = x.id
    )
    union all
    select a.item_id, e.effective_on, e.amount_minor
    from claim_lines a
    join receivables_entry e
      on e.company_id = current_setting('app.company')::bigint and e.item_id = a.item_id and e.kind <> 'opened' and e.reverses_id is null
    where not exists (
        select from receivables_entry r where r.company_id = current_setting('app.company')::bigint and r.item_id = e.item_id
          and r.reverses_id = e.id
    )
) moved
join receivables_itemstate s on s.company_id = current_setting('app.company')::bigint and s.item_id = moved.item_id
