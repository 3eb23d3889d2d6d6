-- Where more is wanted of an item than is open, what lists settled of it gives way, newest first, until it fits; the surplus of the
-- last is settled per list anew, for the same import.
drop table if exists pg_temp.settle_missing;
create temp table settle_missing on commit drop as
select w.item_id, sum(w.minor) - abs(s.open_minor) as minor, min(p.counts_on) as counts_on, sign(s.raised_minor) as side
from (
    select key, debit_item as item_id, minor from settle_allocation
    union all select key, credit_item, minor from settle_allocation where credit_item is not null
    union all select key, item, minor from settle_deduction
) w
join settle_payment p on p.key = w.key
join receivables_itemstate s on s.company_id = %(company)s and s.item_id = w.item_id
group by w.item_id, s.open_minor, s.raised_minor
having sum(w.minor) > abs(s.open_minor);

with live as (
    select l.*, m.minor as missing, m.counts_on, m.side,
           sum(abs(l.amount_minor)) over (partition by l.item_id order by l.id desc) as reach
    from settle_missing m
    join settle_listed l on l.item_id = m.item_id
    where l.id not in (select id from settle_told)
), gone as (
    select * from live where reach - abs(amount_minor) < missing
)
insert into receivables_entry
    (company_id, item_id, kind, amount_minor, effective_on, recorded_at, list_import_id, reverses_id)
select %(company)s, item_id, kind, -amount_minor, greatest(counts_on, effective_on), %(at)s, null, id
from gone
union all
select %(company)s, item_id, kind, (missing - reach) * side, greatest(counts_on, effective_on), %(at)s, list_import_id, null
from gone where reach > missing;

update receivables_itemstate s set open_minor = s.open_minor + m.minor * m.side
from settle_missing m
where s.company_id = %(company)s and s.item_id = m.item_id
