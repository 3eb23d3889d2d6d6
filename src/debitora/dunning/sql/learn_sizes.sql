-- What the planner knows of notices, learned anew while a run grows: statistics that come a minute later come too late for
-- the first run of a company, whose every join would be planned as if it had one notice.
create function dunning_learn_sizes() returns void language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    analyze dunning_notice;
    analyze dunning_noticeline;
    analyze dunning_noticeevent;
end $body$;
