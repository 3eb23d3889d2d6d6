"""A run writes a subject per customer: found by its record through the key, its record looked up once per statement."""

from django.db import migrations

BY_RECORD = """
alter table trail_subject drop constraint trail_subject_pkey, add primary key (company_id, record_id, id);
alter table trail_subject drop constraint trail_subject_record_id_ref;

create function trail_subject_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    if exists (
        select 1 from (select distinct company_id, record_id from added) a
        left join trail_record t on t.company_id = a.company_id and t.id = a.record_id
        where t.id is null
    ) then raise foreign_key_violation using message = 'record_id names no row of trail_record in this company';
    end if;
    return null;
end $body$;
create trigger refs after insert on trail_subject referencing new table as added
for each statement execute function trail_subject_refs();
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0003_subject_of_record")]
    operations = [
        migrations.RunSQL(BY_RECORD, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="subject", name="subject_of_record"),
    ]
