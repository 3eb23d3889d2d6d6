-- Cases that wait for these people, the most urgent of each, with how many there are and are late; those who see only their own
-- customers are told of no other's.
with waiting as (
    select s.assignee_id as person, s.case_id, s.customer_id, s.due_on, s.amount_minor,
           row_number() over (partition by s.assignee_id order by s.due_on, s.case_id) as place,
           count(*) over (partition by s.assignee_id) as cases,
           count(*) filter (where s.due_on < %(on)s) over (partition by s.assignee_id) as late
    from disputes_casestate s
    join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id
    where s.assignee_id = any(%(people)s) and s.state = 'open'
      and (not s.assignee_id = any(%(narrowed)s) or c.salesperson_id = s.assignee_id)
)
select w.person, w.case_id as case, p.name, k.currency, w.amount_minor as minor, w.due_on, w.cases, w.late
from waiting w
join disputes_case k on k.id = w.case_id
join receivables_customer c on c.id = w.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
where w.place <= %(most)s
order by w.person, w.place
