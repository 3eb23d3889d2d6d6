-- I47: A mail that is due has a job or a sweeper that looks every minute, or sending is locked; no job hangs on a dead worker.
-- Advice: Start a worker (`debitora up` or `debitora worker`); its sweepers ask for what was lost.
-- Looks at: mails waiting to be sent.

-- [broken]
select 'message ' || i.id as object, i.customer_id as customer, to_jsonb('due since ' || i.due_at || ', no job') as difference
from messaging_intent i
where i.company_id = %(company)s and i.channel = 'mail' and i.state in ('queued', 'refused_temp')
  and i.due_at < %(now)s - interval '5 minutes'
  and not exists (
      select from procrastinate_jobs j
      where j.task_name = 'messaging.send' and j.status in ('todo', 'doing') and (j.args ->> 'company')::bigint = i.company_id
  )
  and not exists (
      select from procrastinate_periodic_defers p
      where p.task_name = 'messaging.sweep'
        and to_timestamp(p.defer_timestamp) > clock_timestamp() - interval '5 minutes'
  )
  and not exists (
      select from messaging_sendlock l
      where l.company_id = i.company_id and not exists (
          select from messaging_sendunlock u where u.company_id = l.company_id and u.lock_id = l.id
      )
  )
union all
select 'job ' || j.id || ' (' || j.task_name || ')', null, to_jsonb('runs on a worker that is gone'::text)
from procrastinate_jobs j
left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and (j.args ->> 'company')::bigint = %(company)s
  and coalesce(w.last_heartbeat, '-infinity') < clock_timestamp() - interval '5 minutes'
  and (select max(e.at) from procrastinate_events e where e.job_id = j.id and e.type = 'started')
      < clock_timestamp() - interval '5 minutes'
order by object

-- [checked]
select count(*) from messaging_intent
where company_id = %(company)s and channel = 'mail' and state in ('queued', 'refused_temp')
