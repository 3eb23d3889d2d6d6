-- What lists have settled of the locked items and nothing has reversed: a payment outranks it.
drop table if exists pg_temp.settle_listed;
create temp table settle_listed on commit drop as
select e.id, e.item_id, e.kind, e.amount_minor, e.effective_on, e.list_import_id
from settle_touched t
join receivables_entry e on e.company_id = %(company)s and e.item_id = t.item_id
where e.kind in ('paid_per_list', 'settled_per_list') and e.reverses_id is null
  and not exists (
      select from receivables_entry r
      where r.company_id = e.company_id and r.item_id = e.item_id and r.reverses_id = e.id
  );
analyze settle_listed
