-- SHA-256 over the entries of the import in their order, one "item,kind,amount" per line.
select sha256(coalesce(string_agg(
    convert_to(concat_ws(',', e.item_id, e.kind, e.amount_minor) || E'\n', 'UTF8'), ''::bytea order by e.id
), ''::bytea))
from receivables_entry e
where e.company_id = %(company)s and e.list_import_id = %(list_import)s
