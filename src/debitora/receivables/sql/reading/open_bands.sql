-- What is open, by currency and band, on a day, of all customers: from the kept sums.
select s.currency, case when s.due_on >= %(on)s::date then 0 else least((%(on)s::date - s.due_on + 29) / 30, 4) end,
       sum(s.minor)
from receivables_opensum s
where s.company_id = current_setting('app.company')::bigint
group by 1, 2
having sum(s.items) <> 0
