-- Credits of which just the amount of an open outgoing line is open, if anything else points to them: an account from which their
-- customer was paid for, her name, or a number in the text. At most ten for a line.
with line as materialized (
    select s.entry_id, a.currency, s.open_minor, coalesce(w.account, '') as account,
           lower(coalesce(w.name, '')) as name,
           upper(regexp_replace(concat_ws(' ', w.text, w.reference, w.end_to_end), '[^[:alnum:]]', '', 'g')) as said
    from cash_entrystate s
    join cash_bankaccount a on a.company_id = s.company_id and a.id = s.account_id
    left join cash_entrywords w on w.company_id = s.company_id and w.entry_id = s.entry_id
    where s.open_minor < 0
), found as (
    select l.entry_id, i.item_id, i.customer_id, -i.open_minor as minor,
           exists (
               select from cash_payer p
               where p.company_id = i.company_id and p.account = l.account and p.customer_id = i.customer_id and p.times > 0
           ) and l.account <> '' as account,
           lower(who.name) = l.name and l.name <> '' as name,
           item.kind <> 'payment' and length(item.bare) >= 4 and position(item.bare in l.said) > 0 as named,
           length(c.bare) >= 4 and position(c.bare in l.said) > 0 as by_number
    from line l
    join receivables_itemstate i on i.currency = l.currency and i.open_minor = l.open_minor
    cross join lateral (
        select kind, upper(regexp_replace(number, '[^[:alnum:]]', '', 'g')) as bare
        from receivables_item where company_id = i.company_id and id = i.item_id
    ) item
    cross join lateral (
        select party_id, upper(regexp_replace(number, '[^[:alnum:]]', '', 'g')) as bare
        from receivables_customer where company_id = i.company_id and id = i.customer_id
    ) c
    left join receivables_party who on who.company_id = i.company_id and who.id = c.party_id
    where item.kind in ('payment', 'credit')
), ranked as (
    select *, row_number() over (
        partition by entry_id order by named desc, account desc, by_number desc, name desc, item_id
    ) as place
    from found
    where account or name or named or by_number
)
select entry_id as entry, item_id as item, customer_id as customer, minor, account, coalesce(name, false) as name, named, by_number
from ranked where place <= 10
order by entry_id, place
