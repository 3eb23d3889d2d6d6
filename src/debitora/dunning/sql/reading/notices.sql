-- Notices as lists show them, each with its state in one word and the way it goes (empty: nobody can be reached).
-- Of two messages that stands for the notice which sql/message_that_stands names.
-- The parameter dead holds the mail addresses of which a server has said that they do not exist.
select n.id, n.number, n.run_id, r.on, n.level, n.currency, n.total_minor, n.due_minor, n.credit_minor, n.fee_minor, n.interest_minor,
       n.lump_sum_minor,
       n.item_count, n.customer_id, c.number as customer_number, p.name as customer_name, stood.way, p.email,
       coalesce(i.mailed_to, '') as sent_to, stood.state, coalesce(nullif(i.stop_reason, ''), last.reason, '') as reason,
       i.id as intent, stood.at
from dunning_notice n
join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
join dunning_runstep s
  on s.company_id = n.company_id and s.run_id = n.run_id and s.strategy_version_id = n.strategy_version_id and s.level = n.level
join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
left join lateral (
    select e.kind, e.reason, e.recorded_at from dunning_noticeevent e
    where e.company_id = n.company_id and e.notice_id = n.id order by e.id desc limit 1
) last on true
left join lateral (
    select e.kind from dunning_noticeevent e
    where e.company_id = n.company_id and e.notice_id = n.id and e.kind in ('withheld', 'reinstated')
    order by e.id desc limit 1
) kept on true
left join lateral (
    select m.id, m.state, m.channel, m.recipient, m.stop_reason, m.state_at,
           min(m.channel) over () <> max(m.channel) over () as is_twofold, max(m.recipient) over () as mailed_to
    from messaging_intent m
    where m.company_id = n.company_id and m.kind = 'notice' and m.subject_id = n.id
    order by m.state in ('stopped', 'cancelled', 'refused_perm', 'returned'), m.channel <> coalesce(s.step ->> 'counts', 'letter'), m.id desc
    limit 1
) i on true
cross join lateral (
    select p.email <> '' and p.email <> all(%(dead)s::text[]) or s.step ? 'to' and exists (
               select from receivables_contact k
               where k.company_id = n.company_id and k.customer_id = n.customer_id and k.ended_at is null and k.email <> ''
           ) as by_mail,
           p.street <> '' and p.postcode <> '' and p.city <> '' as by_letter
) reach
cross join lateral (
    select case
        when last.kind in ('call_due', 'call_missed', 'called', 'call_undone') then 'call'
        when i.is_twofold then 'both'
        when i.channel is not null then i.channel
        when s.step ->> 'channel' = 'call' then 'call'
        when s.step ->> 'channel' = 'letter' then case when reach.by_letter then 'letter' else '' end
        when s.step ->> 'channel' = 'both' and reach.by_mail and reach.by_letter then 'both'
        when reach.by_mail then 'mail'
        when s.step ->> 'channel' in ('mail_else_letter', 'both') and reach.by_letter then 'letter'
        else '' end as way
) going
cross join lateral (
    select going.way, coalesce(i.state_at, last.recorded_at, n.created_at) as at, case
        when last.kind in ('call_due', 'call_missed') then 'call_due'
        when last.kind in ('ground_withdrawn', 'called', 'call_undone', 'accepted', 'printed', 'stopped', 'refused', 'returned', 'cancelled') then last.kind
        when i.state in ('claimed', 'data_started') then 'sending'
        when i.state = 'refused_perm' then 'refused'
        when i.state is not null then i.state
        when r.state = 'discarded' then 'discarded'
        when kept.kind = 'withheld' then 'withheld'
        when last.kind in ('no_recipient', 'render_failed') then last.kind
        when going.way = '' then 'no_recipient'
        when r.state = 'proposed' then 'proposed'
        else 'waiting' end as state
) stood
