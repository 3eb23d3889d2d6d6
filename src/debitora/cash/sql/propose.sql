-- Proposals anew for the lines that were looked at; the surest one's confidence stands beside what is open.
delete from cash_proposal where company_id = %(company)s and entry_id in (select entry from cash_looked_at);

insert into cash_proposal
    (company_id, entry_id, rank, customer_id, ignored_for, kind, confidence, parts, evidence, exchanged_minor, exchanged_currency, pattern, made_at)
select %(company)s, p.entry, p.rank, nullif(p.customer, 0), p.ignored_for, p.kind, p.confidence, p.parts::jsonb, p.evidence::jsonb, p.exchanged_minor,
       coalesce(p.exchanged_currency, ''), p.pattern, %(at)s
from cash_proposed p
join cash_entrystate s on s.company_id = %(company)s and s.entry_id = p.entry and s.open_minor = p.minor
order by p.entry, p.rank;

update cash_entrystate s set confidence = best.confidence
from cash_looked_at l
left join cash_proposed best on best.entry = l.entry and best.rank = 1
where s.company_id = %(company)s and s.entry_id = l.entry and s.confidence is distinct from best.confidence
  and s.open_minor <> 0
