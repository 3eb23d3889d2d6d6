-- Where list, ledger and bank differ, as a list shows it: one row per item and kind. Conditions, order and limit are appended.
-- place: item and kind in one number. list_minor: what the list shows, null where no list speaks of it. minor: what is unexplained.
select d.item, d.kind, i.number, i.position, i.kind, i.customer_id, c.number, p.name, i.currency, d.list_minor, d.open_minor,
       coalesce((
           select sum(a.amount_minor) from receivables_allocation a
           join receivables_item paid on paid.company_id = a.company_id and paid.id = a.credit_item_id
           join documents_source bank on bank.company_id = paid.company_id and bank.id = paid.source_id and bank.kind = 'bank'
           where a.company_id = i.company_id and a.debit_item_id = i.id
       ), case when d.kind = 'waiting' then -i.amount_minor else 0 end)::bigint,
       d.minor, d.since
from (
    -- The list shows more open than the ledger. A payment that is long past is no mere delay of the list.
    select s.item_id as item, case when paid.day < %(late_before)s then 'late' else 'behind' end as kind,
           s.item_id * 4 as place, m.listed_minor as list_minor, s.open_minor, abs(m.listed_minor - s.open_minor) as minor,
           coalesce(paid.day, m.effective_on) as since
    from receivables_itemstate s
    join lateral (
        select listed_minor, effective_on from receivables_listmark m
        where m.company_id = s.company_id and m.item_id = s.item_id order by m.id desc limit 1
    ) m on true
    left join lateral (
        select max(a.effective_on) as day
        from receivables_allocation a
        join receivables_item credit on credit.company_id = a.company_id and credit.id = a.credit_item_id
        join documents_source bank
            on bank.company_id = credit.company_id and bank.id = credit.source_id and bank.kind = 'bank'
        where a.company_id = s.company_id and a.debit_item_id = s.item_id and a.reverses_id is null
          and not exists (
              select from receivables_allocation r where r.company_id = a.company_id and r.reverses_id = a.id
          )
    ) paid on true
    where s.company_id = current_setting('app.company')::bigint and s.list_behind
    union all
    -- The list settled it, and no bank line did: such a line would have reversed the list's entry.
    select e.item_id, 'unbacked', e.item_id * 4 + 1, s.open_minor, s.open_minor, -sum(e.amount_minor)::bigint,
           max(e.effective_on)
    from receivables_entry e
    join receivables_itemstate s on s.company_id = e.company_id and s.item_id = e.item_id and s.raised_minor > 0
    where e.company_id = current_setting('app.company')::bigint and e.kind in ('paid_per_list', 'settled_per_list')
      and e.reverses_id is null and e.effective_on >= %(unbacked_from)s
      and not exists (
          select from receivables_entry r
          where r.company_id = e.company_id and r.item_id = e.item_id and r.reverses_id = e.id
      )
    group by e.item_id, s.open_minor
    having sum(e.amount_minor) < 0
    union all
    -- Money that came and settled nothing yet.
    select s.item_id, 'waiting', s.item_id * 4 + 2, null, s.open_minor, -s.open_minor, credit.effective_on
    from receivables_itemstate s
    join receivables_item credit
        on credit.company_id = s.company_id and credit.id = s.item_id and credit.kind = 'payment'
    where s.company_id = current_setting('app.company')::bigint and s.open_minor < 0
) d
join receivables_item i on i.company_id = current_setting('app.company')::bigint and i.id = d.item
join receivables_customer c on c.company_id = i.company_id and c.id = i.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
