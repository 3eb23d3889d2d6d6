-- The items that the notice reminded of and that are not taken back yet.
drop table if exists pg_temp.level_reached;
create temp table level_reached on commit drop as
select e.item_id, e.level from receivables_levelevent e
where e.company_id = %(company)s and e.notice_id = %(notice)s and not e.withdrawn
  and not exists (
      select from receivables_levelevent w
      where w.company_id = e.company_id and w.item_id = e.item_id and w.notice_id = e.notice_id and w.withdrawn
  )
