-- Items as they stand, with the part that holds on them keep out of dunning on the day.
select s.item_id, s.customer_id, s.currency, s.open_minor,
       case when s.open_minor <= 0 then 0
            when held.wholly then s.open_minor
            else least(s.open_minor, coalesce(held.minor, 0)) end::bigint,
       s.list_behind
from receivables_itemstate s
left join lateral (
    select bool_or(h.amount_minor is null) as wholly, sum(h.amount_minor) as minor
    from receivables_hold h
    left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
    where h.company_id = s.company_id and h.item_id = s.item_id
      and h.from_on <= %(on)s::date
      and (h.until_on is null or h.until_on >= %(on)s::date)
      and (r.effective_on is null or r.effective_on > %(on)s::date)
) held on true
where s.item_id = any(%(items)s)
order by s.item_id
