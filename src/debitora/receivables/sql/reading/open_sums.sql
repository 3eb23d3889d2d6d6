-- How many items are open and what of them, by currency, from the kept sums. Conditions are put in; both sides if neither is
-- asked for.
select s.currency, sum(s.items)::bigint, sum(s.minor)::numeric(38)
from receivables_opensum s
where s.company_id = current_setting('app.company')::bigint
  and s.due_on between %(oldest)s and %(newest)s
  and (%(credit)s::boolean is null or s.credit = %(credit)s)
  and (%(currency)s = '' or s.currency = %(currency)s)
group by s.currency
having sum(s.items) <> 0
order by s.currency
