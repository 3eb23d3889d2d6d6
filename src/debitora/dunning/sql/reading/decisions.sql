-- Decisions of a run with item and customer, as lists show them.
select d.item_id, i.number, i.position, d.reason, d.level_before, d.level_to, d.days_overdue, d.open_minor, d.held_minor,
       d.currency, s.due_on, d.customer_id, c.number as customer_number, p.name as customer_name,
       -- what its strategy proposes once all steps are taken (reason 16); nothing is proposed where it says "stop"
       case when d.reason = 16 then coalesce(nullif(v.policy ->> 'after_last_step', 'stop'), '') else '' end as proposal
from dunning_decision d
join receivables_item i on i.company_id = d.company_id and i.id = d.item_id
join receivables_itemstate s on s.company_id = d.company_id and s.item_id = d.item_id
join receivables_customer c on c.company_id = d.company_id and c.id = d.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
left join dunning_strategyversion v on v.company_id = d.company_id and v.id = d.strategy_version_id
