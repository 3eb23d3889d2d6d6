-- What stands of the claims made of the staged items before: of the lump sum what is open, of interest what was settled.
select a.item_id, c.kind,
       case c.kind when 'lump_sum' then c.accrued_minor - c.waived_minor - c.paid_minor - c.booked_minor
           else c.waived_minor + c.paid_minor + c.booked_minor end as minor
from claim_lines a
join receivables_claim c on c.company_id = current_setting('app.company')::bigint and c.item_id = a.item_id
where c.kind = 'interest' or (c.kind = 'lump_sum' and c.accrued_minor > 0)
