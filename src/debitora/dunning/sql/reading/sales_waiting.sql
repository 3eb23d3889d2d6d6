-- How many questions to sales wait for a word, by salesperson: what sales_questions.sql calls open or late, without reckoning what that comes
-- to, which takes seven times as long. tests/test_sales_waiting.py holds both against each other in every state.
select c.salesperson_id, count(*) as waiting
from dunning_salesquestion q
join receivables_customer c on c.company_id = q.company_id and c.id = q.customer_id
left join lateral (
    select a.kind from dunning_salesanswer a
    where a.company_id = q.company_id and a.question_id = q.id
    order by a.place desc limit 1
) a on true
where q.company_id = current_setting('app.company')::bigint
  and (%(scope)s::bigint[] is null or c.salesperson_id = any(%(scope)s))
  and (a.kind is null or a.kind = 'undone')
  and (q.until_on >= %(on)s or q.silence <> 'release')
  and not exists (
      select from dunning_salesquestion later
      where later.company_id = q.company_id and later.customer_id = q.customer_id and later.level = q.level
        and later.place > q.place
  )
  and exists (
      select from receivables_itemstate s
      where s.company_id = q.company_id and s.item_id = any(q.items) and s.open_minor > 0
        and (s.last_reminded_on is null or s.last_reminded_on < q.asked_on)
        and not exists (
            select from receivables_hold h
            where h.company_id = s.company_id and h.customer_id = s.customer_id
              and (h.item_id is null or h.item_id = s.item_id and h.amount_minor is null)
              and h.from_on <= %(on)s and (h.until_on is null or h.until_on >= %(on)s)
              and not exists (
                  select from receivables_holdrelease r where r.company_id = h.company_id and r.hold_id = h.id
              )
        )
  )
group by c.salesperson_id
