-- The charges among the staged items: interest bears none (§ 289 BGB).
select i.id as item_id
from receivables_item i
join claim_lines a on a.item_id = i.id
where i.company_id = current_setting('app.company')::bigint and i.kind = 'charge'
