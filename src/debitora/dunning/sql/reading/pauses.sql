-- Pauses of groups of customers with what became of each.
select p.id, p.kind, p.country, p.language, p.salesperson_id, p.channel, p.instead, p.from_on, p.until_on, w.text as reason,
       p.placed_at, p.placed_by_label, l.lifted_at, coalesce(l.lifted_by_label, '') as lifted_by
from dunning_pause p
join trail_wording w on w.company_id = p.company_id and w.id = p.wording_id
left join dunning_pauselift l on l.company_id = p.company_id and l.pause_id = p.id
