-- What the rows say more or otherwise about known customers; an empty cell says nothing. New ones only get their parent.
drop table if exists pg_temp.customer_changed;
create temp table customer_changed on commit drop as
with merged as (
    select c.id, c.party_id, c.id in (select id from customer_new) as is_new,
           coalesce(nullif(r.name, ''), p.name) as name,
           coalesce(nullif(r.contact_name, ''), p.contact_name) as contact_name,
           coalesce(nullif(r.street, ''), p.street) as street,
           coalesce(nullif(r.postcode, ''), p.postcode) as postcode,
           coalesce(nullif(r.city, ''), p.city) as city,
           coalesce(nullif(r.country, ''), p.country) as country,
           coalesce(nullif(r.email, ''), p.email) as email,
           coalesce(nullif(r.phone, ''), p.phone) as phone,
           coalesce(nullif(r.kind, 'unknown'), c.kind) as kind,
           coalesce(nullif(r.language, ''), c.language) as language,
           coalesce(r.salesperson_id, c.salesperson_id) as salesperson_id,
           coalesce(nullif(parent.id, c.id), c.parent_id) as parent_id
    from customer_row r
    join receivables_customer c on c.company_id = %(company)s and c.number_key = r.customer_key
    join receivables_party p on p.company_id = %(company)s and p.id = c.party_id
    left join receivables_customer parent
      on parent.company_id = %(company)s and r.parent_key <> '' and parent.number_key = r.parent_key
), compared as (
    select m.*,
           (p.name, p.contact_name, p.street, p.postcode, p.city, p.country, p.email, p.phone)
               <> (m.name, m.contact_name, m.street, m.postcode, m.city, m.country, m.email, m.phone) as other_party,
           (c.kind, c.language, c.salesperson_id, c.parent_id)
               is distinct from (m.kind, m.language, m.salesperson_id, m.parent_id) as other_customer
    from merged m
    join receivables_customer c on c.company_id = %(company)s and c.id = m.id
    join receivables_party p on p.company_id = %(company)s and p.id = c.party_id
)
select *, case when other_party then nextval('receivables_party_id_seq') else party_id end as new_party_id
from compared
where other_party or other_customer
order by id;

insert into receivables_party
    (id, company_id, name, contact_name, street, postcode, city, country, email, phone, recorded_at)
select new_party_id, %(company)s, name, contact_name, street, postcode, city, country, email, phone, %(at)s
from customer_changed
where other_party;

update receivables_customer c
set party_id = m.new_party_id, kind = m.kind, language = m.language, salesperson_id = m.salesperson_id,
    parent_id = m.parent_id, version = c.version + (not m.is_new)::int
from customer_changed m
where c.company_id = %(company)s and c.id = m.id;

select id from customer_changed where not is_new;
