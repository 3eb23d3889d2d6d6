"""The table of Django's database cache (login rate limits): shared by all web processes."""

from django.db import migrations

FORWARD = """
create table kit_cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index kit_cache_expires on kit_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_refusals")]
    operations = [migrations.RunSQL(FORWARD, "drop table kit_cache")]
