"""The trigger function behind every append-only table, and the function that tells the database its company."""

from django.db import migrations

FORWARD = """
create function refuse_change() returns trigger language plpgsql as $body$
begin
    raise exception '% refuses % (append-only)', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
end $body$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(FORWARD, "drop function refuse_change()")]
