-- Customers that only the list knows, by number and name.
drop table if exists pg_temp.list_customer;
create temp table list_customer on commit drop as
select nextval('receivables_customer_id_seq') as id, nextval('receivables_party_id_seq') as party_id, unknown.*
from (
    select n.customer_key, n.customer_number, n.customer_name
    from list_named n
    where not exists (
        select from receivables_customer c
        where c.company_id = %(company)s and c.number_key = n.customer_key
    )
    order by n.customer_key
) unknown;

insert into receivables_party
    (id, company_id, name, contact_name, street, postcode, city, country, email, phone, recorded_at)
select party_id, %(company)s, left(customer_name, 200), '', '', '', '', '', '', '', %(at)s from list_customer;

insert into receivables_customer
    (id, company_id, number, number_key, party_id, kind, language, parked_reason, version, recorded_at)
select id, %(company)s, customer_number, customer_key, party_id, 'unknown', '', '', 1, %(at)s from list_customer;
