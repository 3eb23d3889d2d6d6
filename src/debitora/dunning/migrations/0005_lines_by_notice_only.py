"""One index less on what a run writes most of: an item's lines are found through its customer's notices (decisions/0019)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dunning", "0004_decisions_by_month")]
    operations = [migrations.RemoveIndex(model_name="noticeline", name="notice_line_of_item")]
