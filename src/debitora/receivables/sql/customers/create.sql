-- Customers that nobody knew, with their party. The temporary table also says below who is new.
drop table if exists pg_temp.customer_new;
create temp table customer_new on commit drop as
select nextval('receivables_customer_id_seq') as id, nextval('receivables_party_id_seq') as party_id, r.*
from customer_row r
where not exists (
    select from receivables_customer c where c.company_id = %(company)s and c.number_key = r.customer_key
)
order by r.customer_key;

insert into receivables_party
    (id, company_id, name, contact_name, street, postcode, city, country, email, phone, recorded_at)
select party_id, %(company)s, name, contact_name, street, postcode, city, country, email, phone, %(at)s
from customer_new;

insert into receivables_customer
    (id, company_id, number, number_key, party_id, kind, language, salesperson_id, parked_reason, version, recorded_at)
select id, %(company)s, number, customer_key, party_id, kind, language, salesperson_id, '', 1, %(at)s
from customer_new;
