-- Where a list had told of a payment of just this amount, not more than some days before it, its entry gives way though more is open: it
-- is the same payment, and must not count twice.
drop table if exists pg_temp.settle_told;
create temp table settle_told on commit drop as
with live as (
    select *, row_number() over (partition by item_id, amount_minor order by id desc) as place
    from settle_listed
), wanted as (
    select a.debit_item as item_id, a.minor, p.counts_on,
           row_number() over (partition by a.debit_item, a.minor order by a.key) as place
    from settle_allocation a
    join settle_payment p on p.key = a.key
    where a.credit_item is null
)
select l.id, l.item_id, l.kind, l.amount_minor, greatest(w.counts_on, l.effective_on) as effective_on
from wanted w
join live l on l.item_id = w.item_id and l.amount_minor = -w.minor and l.place = w.place
where l.effective_on >= w.counts_on - %(told_days)s;

insert into receivables_entry
    (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id, reverses_id)
select %(company)s, item_id, kind, -amount_minor, effective_on, %(at)s, null, id
from settle_told;

update receivables_itemstate s set open_minor = s.open_minor - told.minor
from (select item_id, sum(amount_minor) as minor from settle_told group by item_id) told
where s.company_id = %(company)s and s.item_id = told.item_id
