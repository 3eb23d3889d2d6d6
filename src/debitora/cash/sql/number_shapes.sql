-- What the numbers of the latest thousand items look like: letters and separators as they are, # for each digit.
select regexp_replace(number, '[0-9]', '#', 'g') as shape, count(*) as count, max(number) as example
from (
    select number from receivables_item where kind <> 'payment' and number <> '' order by id desc limit 1000
) latest
group by 1 order by 2 desc, 1 limit %(most)s
