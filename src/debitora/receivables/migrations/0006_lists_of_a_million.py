"""A list of a million rows: cheaper indexes, references checked by hashing, sizes learned at once (docs/decisions/0018)."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations

from debitora.kit.pg.walls import learns_sizes

ITEM_IN_THE_KEY_OF_TERMS = """
alter table receivables_terms drop constraint receivables_terms_pkey, add primary key (company_id, item_id, id);
"""

MISSING = (
    """raise foreign_key_violation using message = '{column} names no row of {target} in this company';"""
)

FEW_TO_ONE = """
    if exists (
        select from (select distinct company_id, {column} from added where {column} is not null) a
        left join {target} t on t.company_id = a.company_id and t.id = a.{column}
        where t.id is null
    ) then {missing}
    end if;"""

ITEMS = """
    if (select count(*) < 1000 from added) then
        if exists (
            select from added a left join receivables_item t on t.company_id = a.company_id and t.id = a.item_id
            where t.id is null
        ) then {missing}
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
        ) then {missing}
        end if;
        perform set_config('enable_nestloop', 'on', true);
    end if;"""


def checks(table: str, *, of_items: bool, others: dict[str, str]) -> migrations.RunSQL:
    """The function behind a table's trigger `refs`, as walls.checked_in_bulk made it, for a million rows at once.

    Items are looked up one by one only where there are few, else by one pass over their range; any other target is
    looked up once, however many rows name it.
    """
    items = ITEMS.format(missing=MISSING.format(column="item_id", target="receivables_item"))
    rest = "".join(
        FEW_TO_ONE.format(column=column, target=target, missing=MISSING.format(column=column, target=target))
        for column, target in others.items()
    )
    return migrations.RunSQL(
        f"""
        create or replace function {table}_refs() returns trigger language plpgsql security definer
        set search_path = public, pg_temp as $body$
        declare first_one bigint; last_one bigint; low bigint; high bigint;
        begin{items if of_items else ""}{rest}
        return null;
        end $body$;
        """,
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("receivables", "0005_fewer_indexes_to_load_faster")]
    operations = [
        migrations.RunSQL(ITEM_IN_THE_KEY_OF_TERMS, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="terms", name="terms_of_item"),
        migrations.RemoveIndex(model_name="entry", name="entry_of_import"),
        migrations.AddIndex(
            model_name="entry",
            index=BrinIndex(fields=["list_import_id"], name="entry_of_import", autosummarize=True),
        ),
        checks(
            "receivables_item",
            of_items=False,
            others={"customer_id": "receivables_customer", "source_id": "documents_source"},
        ),
        checks("receivables_terms", of_items=True, others={}),
        checks("receivables_itemstate", of_items=True, others={"customer_id": "receivables_customer"}),
        checks("receivables_entry", of_items=True, others={"reverses_id": "receivables_entry"}),
        # Until its sizes are learned, a company that has just brought its first million items counts as one row, and every
        # join over it is planned as a nested loop.
        learns_sizes("receivables", ("party", "customer", "item", "entry", "terms", "itemstate")),
    ]
