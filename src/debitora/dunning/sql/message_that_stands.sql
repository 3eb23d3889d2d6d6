-- A condition on a message i: it stands for its notice. A notice that goes by mail and by letter ends by the message that its step
-- counts, on that one's day; by the other if that one came to nothing. What was counted as accepted and came back is told in any case.
not exists (
    select from messaging_intent o
    join dunning_notice n on n.company_id = o.company_id and n.id = o.subject_id
    join dunning_runstep s on s.company_id = n.company_id and s.run_id = n.run_id
      and s.strategy_version_id = n.strategy_version_id and s.level = n.level
    where o.company_id = i.company_id and o.kind = 'notice' and o.subject_id = i.subject_id and o.channel <> i.channel
      and (o.state = any(%(nothing)s), o.channel <> coalesce(s.step ->> 'counts', 'letter'))
        < (i.state = any(%(nothing)s), i.channel <> coalesce(s.step ->> 'counts', 'letter'))
)
or (i.state = 'returned' and exists (
    select from dunning_noticeevent e
    where e.company_id = i.company_id and e.notice_id = i.subject_id and e.kind = 'accepted'
))
