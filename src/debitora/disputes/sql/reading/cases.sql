-- Cases as the board lists them.
select c.id as case_id, s.customer_id, k.number as customer_number, p.name as customer_name, c.currency, c.reason, s.state,
       s.assignee_id, coalesce(nullif(u.name, ''), u.login, '') as assignee, s.due_on, s.amount_minor, s.outcome, s.until_on,
       (select coalesce(string_agg(i.number, ', ' order by i.id), '') from disputes_caseitem ci join receivables_item i on i.company_id = ci.company_id and i.id = ci.item_id where ci.company_id = c.company_id and ci.case_id = c.id) as numbers,
       c.opened_on, c.opened_by_label as opened_by, s.last_step_at,
       (select coalesce(string_agg(distinct g.product_group, ', '), '') from disputes_caseitem ci join receivables_itemstate g on g.company_id = ci.company_id and g.item_id = ci.item_id where ci.company_id = c.company_id and ci.case_id = c.id and g.product_group <> '') as product_groups
from disputes_casestate s
join disputes_case c on c.company_id = s.company_id and c.id = s.case_id
join receivables_customer k on k.company_id = s.company_id and k.id = s.customer_id
join receivables_party p on p.company_id = k.company_id and p.id = k.party_id
left join people_user u on u.id = s.assignee_id
