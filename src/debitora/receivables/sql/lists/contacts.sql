-- Whom a list names as contacts of its items: the contacts that nobody knew, then which item names whom from now on.
drop table if exists pg_temp.item_naming;
create temp table item_naming on commit drop as
select distinct on (i.id) i.id as item_id, i.customer_id, lower(l.contact_email) as address, l.contact_email,
       coalesce(nullif(left(l.contact_name, 200), ''), l.contact_email) as contact_name
from list_contact l
join receivables_customer c on c.company_id = %(company)s and c.number_key = l.customer_key
join receivables_item i on i.company_id = %(company)s and i.number_key = l.number_key and i.source_id = %(source)s
    and i.customer_id = c.id and i.position = l.position and i.currency = l.currency
order by i.id, l.contact_email;

insert into receivables_contact (company_id, customer_id, role, name, email, phone, recorded_at)
select distinct on (n.customer_id, n.address) %(company)s, n.customer_id, 'invoices', n.contact_name, n.contact_email, '', %(at)s
from item_naming n
where not exists (
    select from receivables_contact k
    where k.company_id = %(company)s and k.customer_id = n.customer_id and k.role = 'invoices' and k.ended_at is null
        and lower(k.email) = n.address
)
order by n.customer_id, n.address, n.contact_name;

update receivables_itemcontact x set ended_at = %(at)s
from item_naming n
join receivables_contact k on k.company_id = %(company)s and k.customer_id = n.customer_id and k.role = 'invoices'
    and k.ended_at is null and lower(k.email) = n.address
where x.company_id = %(company)s and x.item_id = n.item_id and x.ended_at is null and x.contact_id <> k.id;

insert into receivables_itemcontact (company_id, item_id, contact_id, recorded_at)
select %(company)s, n.item_id, k.id, %(at)s
from item_naming n
join receivables_contact k on k.company_id = %(company)s and k.customer_id = n.customer_id and k.role = 'invoices'
    and k.ended_at is null and lower(k.email) = n.address
where not exists (
    select from receivables_itemcontact x
    where x.company_id = %(company)s and x.item_id = n.item_id and x.ended_at is null
)
order by n.item_id;

-- What is new: each contact, and each item that names another than before.
select 'contact' as kind, k.id, k.customer_id
from (select distinct customer_id from item_naming) n
join receivables_contact k on k.company_id = %(company)s and k.customer_id = n.customer_id and k.role = 'invoices'
    and k.recorded_at = %(at)s
union all
select 'item', n.item_id, n.customer_id
from item_naming n
join receivables_itemcontact x on x.company_id = %(company)s and x.item_id = n.item_id and x.ended_at is null
    and x.recorded_at = %(at)s
order by kind, id;
