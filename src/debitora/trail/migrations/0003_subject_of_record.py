"""What a record is about is found by the record: sealing and the audit ask for it once per record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trail", "0002_walls")]
    operations = [
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(fields=["company_id", "record"], name="subject_of_record"),
        ),
    ]
