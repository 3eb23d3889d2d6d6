-- One row per customer as lists show her; sums in one currency. Conditions, order and limit are appended.
select c.id, c.number, p.name, c.kind, c.salesperson_id, p.email, c.parked_at is not null,
       coalesce(b.items, 0), coalesce(b.balance, 0)::bigint, coalesce(b.overdue, 0)::bigint, b.oldest,
       coalesce(b.level, 0), coalesce(b.others, 0), (
           select count(*) from receivables_hold h
           left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
           where h.company_id = c.company_id and h.customer_id = c.id
             and h.from_on <= %(on)s::date and (h.until_on is null or h.until_on >= %(on)s::date)
             and (r.effective_on is null or r.effective_on > %(on)s::date)
       )
from receivables_customer c
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
left join lateral (
    select count(*) as items,
           sum(s.open_minor) filter (where s.currency = %(currency)s) as balance,
           sum(s.open_minor) filter (
               where s.currency = %(currency)s and s.open_minor > 0 and s.due_on < %(on)s::date
           ) as overdue,
           min(s.due_on) filter (where s.open_minor > 0 and s.due_on < %(on)s::date) as oldest,
           max(s.level) filter (where s.open_minor > 0) as level,
           count(distinct s.currency) filter (where s.currency <> %(currency)s) as others
    from receivables_itemstate s
    where s.company_id = c.company_id and s.customer_id = c.id and s.open_minor <> 0
) b on true
