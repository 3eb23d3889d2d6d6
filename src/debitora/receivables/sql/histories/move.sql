-- What happened to documents, each on its day: opened again, or settled. A document is known by customer, number, currency,
-- side and its own day; those that this import opened are among them.
drop table if exists pg_temp.document_moved;
create temp table document_moved on commit drop as
select i.id as item_id, d.kind, d.minor, d.effective_on
from document_move d
join receivables_customer c on c.company_id = %(company)s and c.number_key = d.customer_key
join receivables_item i
  on i.company_id = %(company)s and i.source_id = %(source)s and i.customer_id = c.id
 and i.number_key = d.number_key and i.currency = d.currency and i.issued_on = d.issued_on
 and sign(i.amount_minor) = d.side;

insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id)
select %(company)s, item_id, kind, minor, effective_on, %(at)s, %(list_import)s
from document_moved
order by effective_on, item_id, kind;

update receivables_itemstate s
set open_minor = s.open_minor + m.minor, raised_minor = s.raised_minor + m.raised
from (
    select item_id, sum(minor)::bigint as minor, coalesce(sum(minor) filter (where kind = 'opened'), 0)::bigint as raised
    from document_moved
    group by item_id
) m
where s.company_id = %(company)s and s.item_id = m.item_id;
