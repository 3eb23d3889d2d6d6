"""What many payments at once make grow; most of it is large already, and counting that again took a second for each batch."""

from __future__ import annotations

from django.db import migrations

from debitora.kit.pg.walls import learns_growth


class Migration(migrations.Migration):
    """Run as the owner of the tables."""

    dependencies = [("receivables", "0011_discounts_and_returns")]

    operations = [learns_growth("receivables", ("item", "entry", "terms", "itemstate", "allocation"))]
