-- What may bear interest or a lump sum, of the staged items: no credits, no charges (interest bears none, § 289 BGB).
select a.item_id, i.issued_on, i.amount_minor
from claim_lines a
join receivables_item i on i.company_id = current_setting('app.company')::bigint and i.id = a.item_id and i.kind <> 'charge'
