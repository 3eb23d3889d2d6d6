-- The newest question to sales of each customer and level that is not over: some of its items is neither paid nor reminded of
-- since it was put. With its newest answer; one that was taken back is none.
select q.id as question, q.customer_id, q.level, q.until_on, q.silence, coalesce(a.kind, '') as answer, a.answered_on,
       a.until_on as stopped_until_on
from dunning_salesquestion q
left join lateral (
    select * from dunning_salesanswer a
    where a.company_id = q.company_id and a.question_id = q.id
    order by a.place desc limit 1
) a on true
where q.company_id = current_setting('app.company')::bigint
  and (%(customer)s::bigint is null or q.customer_id = %(customer)s)
  and not exists (
      select from dunning_salesquestion later
      where later.company_id = q.company_id and later.customer_id = q.customer_id and later.level = q.level
        and later.place > q.place
  )
  and exists (
      select from receivables_itemstate s
      where s.company_id = q.company_id and s.item_id = any(q.items) and s.open_minor > 0
        and (s.last_reminded_on is null or s.last_reminded_on < q.asked_on)
  )
order by q.customer_id, q.level
