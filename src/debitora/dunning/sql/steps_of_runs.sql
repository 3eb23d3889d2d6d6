-- The copies of a step that notices kept, one of each run's: what was the same a hundred thousand times is said once.
insert into dunning_runstep (company_id, run_id, strategy_version_id, level, step)
select distinct on (company_id, run_id, strategy_version_id, level) company_id, run_id, strategy_version_id, level, step
from dunning_notice
order by company_id, run_id, strategy_version_id, level, id;
