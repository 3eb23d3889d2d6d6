-- What bookings teach: from which account a customer is paid for, and how she pays.
insert into cash_payer (company_id, account, customer_id, times, last_on)
select %(company)s, l.payer, l.customer, count(*), max(l.booked_on)
from cash_lesson l where l.payer <> '' group by l.payer, l.customer
on conflict (company_id, account, customer_id) do update
set times = cash_payer.times + excluded.times, last_on = greatest(cash_payer.last_on, excluded.last_on);

insert into cash_habit (company_id, customer_id, kind, times, last_on)
select %(company)s, l.customer, l.kind, count(*), max(l.booked_on)
from cash_lesson l where l.kind <> '' group by l.customer, l.kind
on conflict (company_id, customer_id, kind) do update
set times = cash_habit.times + excluded.times, last_on = greatest(cash_habit.last_on, excluded.last_on)
