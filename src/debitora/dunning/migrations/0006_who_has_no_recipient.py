"""Two pages count the notices that found no recipient: found by themselves, not among all notices of all runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dunning", "0005_lines_by_notice_only")]
    operations = [
        migrations.AddIndex(
            model_name="noticeevent",
            index=models.Index(
                fields=["company", "notice"],
                name="no_recipient_of_notice",
                condition=models.Q(("kind", "no_recipient")),
            ),
        ),
    ]
