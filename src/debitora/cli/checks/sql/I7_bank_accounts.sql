-- I7: An account's opening, its proven entries and what was accepted to be missing come to its closing; each statement to its own.
-- Advice: An entry or a statement was changed by hand. The object names the account or statement; compare it with the bank's file.
-- Looks at: bank accounts and applied statements.

-- [broken]
with proven as (
    select e.account_id, sum(e.minor) as minor
    from cash_bankentry e
    where e.company_id = %(company)s and exists (
        select from cash_telling t
        where t.company_id = e.company_id and t.entry_id = e.id and t.weight = 'proven'
    )
    group by e.account_id
), accepted as (
    select account_id, sum(missing_minor) as minor
    from cash_statement where company_id = %(company)s and state = 'applied' group by account_id
)
select 'bank account ' || a.id as object, null::bigint as customer,
       to_jsonb(a.closing_minor - a.opening_minor - coalesce(p.minor, 0) - coalesce(m.minor, 0)) as difference
from cash_bankaccount a
left join proven p on p.account_id = a.id
left join accepted m on m.account_id = a.id
where a.company_id = %(company)s
  and coalesce(a.closing_minor, 0) - coalesce(a.opening_minor, 0) <> coalesce(p.minor, 0) + coalesce(m.minor, 0)
union all
select 'statement ' || s.id, null, to_jsonb(s.moved_minor - coalesce(told.minor, 0))
from cash_statement s
left join (
    select t.statement_id, sum(e.minor) as minor, count(*) as lines
    from cash_telling t
    join cash_bankentry e on e.company_id = t.company_id and e.id = t.entry_id
    where t.company_id = %(company)s group by t.statement_id
) told on told.statement_id = s.id
where s.company_id = %(company)s and s.state = 'applied'
  and (s.moved_minor, s.line_count) <> (coalesce(told.minor, 0), coalesce(told.lines, 0))
order by object

-- [checked]
select (select count(*) from cash_bankaccount where company_id = %(company)s)
     + (select count(*) from cash_statement where company_id = %(company)s and state = 'applied')
