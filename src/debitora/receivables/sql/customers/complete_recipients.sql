-- A new party row with the address, where it differs; answers whom it changed.
select c.id from receivables_customer c
where c.company_id = %(company)s and c.id in (select customer_id from recipient)
order by c.id
for no key update;

drop table if exists pg_temp.recipient_changed;
create temp table recipient_changed on commit drop as
select c.id, c.party_id, nextval('receivables_party_id_seq') as new_party_id, r.email
from recipient r
join receivables_customer c on c.company_id = %(company)s and c.id = r.customer_id
join receivables_party p on p.company_id = %(company)s and p.id = c.party_id
where p.email <> r.email;

insert into receivables_party
    (id, company_id, name, contact_name, street, postcode, city, country, email, phone, recorded_at)
select n.new_party_id, %(company)s, p.name, p.contact_name, p.street, p.postcode, p.city, p.country, n.email, p.phone,
       %(at)s
from recipient_changed n
join receivables_party p on p.company_id = %(company)s and p.id = n.party_id;

update receivables_customer c set party_id = n.new_party_id, version = c.version + 1
from recipient_changed n
where c.company_id = %(company)s and c.id = n.id;

select id from recipient_changed order by id
