"""Where two indexes began alike one is left: items by number and identity, entries by item (docs/decisions/0024)."""

from django.db import migrations, models

ITEM_IN_THE_KEY_OF_ENTRIES = """
alter table receivables_entry drop constraint receivables_entry_pkey, add primary key (company_id, item_id, id);
"""

# As 0006 has it, without the entry that is reversed: that one is found by its item now, where the reversal is checked.
ITEMS_OF_ENTRIES = """
create or replace function receivables_entry_refs() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
declare first_one bigint; last_one bigint; low bigint; high bigint;
begin
    if (select count(*) < 1000 from added) then
        if exists (
            select from added a left join receivables_item t on t.company_id = a.company_id and t.id = a.item_id
            where t.id is null
        ) then raise foreign_key_violation using message = 'item_id names no row of receivables_item in this company';
        end if;
    else
        select min(company_id), max(company_id), min(item_id), max(item_id) into first_one, last_one, low, high from added;
        perform set_config('enable_nestloop', 'off', true);
        if exists (
            select from added a
            left join (
                select company_id, id from receivables_item
                where company_id between first_one and last_one and id between low and high
            ) t on t.company_id = a.company_id and t.id = a.item_id
            where t.id is null
        ) then raise foreign_key_violation using message = 'item_id names no row of receivables_item in this company';
        end if;
        perform set_config('enable_nestloop', 'on', true);
    end if;
    return null;
end $body$;
"""

EXACT_REVERSALS = """
create or replace function receivables_entry_reversals() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $body$
begin
    if exists (
        select from added a
        left join receivables_entry o
          on o.company_id = a.company_id and o.item_id = a.item_id and o.id = a.reverses_id
        where a.reverses_id is not null and (o.id is null or a.kind <> o.kind or a.amount_minor <> -o.amount_minor)
    ) then
        raise check_violation using message = 'a reversal takes back exactly one entry', constraint = 'entry_reversal_is_exact';
    end if;
    return null;
end $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0007_lists_shown_at_once")]
    operations = [
        migrations.RemoveConstraint(model_name="item", name="item_identity_once"),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("company", "number_key", "source_id", "customer", "position", "currency", "kind"),
                name="item_identity_once",
            ),
        ),
        migrations.RemoveIndex(model_name="item", name="item_by_number"),
        migrations.RunSQL(ITEM_IN_THE_KEY_OF_ENTRIES, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="entry", name="entry_of_item"),
        migrations.RunSQL(ITEMS_OF_ENTRIES, migrations.RunSQL.noop),
        migrations.RunSQL(EXACT_REVERSALS, migrations.RunSQL.noop),
    ]
