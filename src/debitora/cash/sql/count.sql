-- How often evidence was right and wrong, as people decided.
insert into cash_tally (company_id, pattern, "right", wrong)
select %(company)s, pattern, greatest(sum("right"), 0), greatest(sum(wrong), 0) from cash_counted group by pattern
on conflict (company_id, pattern) do update
set "right" = greatest(cash_tally."right" + (select sum(c."right") from cash_counted c where c.pattern = excluded.pattern), 0),
    wrong = greatest(cash_tally.wrong + (select sum(c.wrong) from cash_counted c where c.pattern = excluded.pattern), 0)
