"""Who opened a case is asked for on the board: an index for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0005_reminders"),
        ("people", "0015_views_of_segments"),
        ("receivables", "0021_agreements"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["company", "opened_by_id", "id"], name="case_by_opener"),
        ),
    ]
