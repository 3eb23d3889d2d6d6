"""Whether answers go to addresses of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0019_optouts"),
    ]

    operations = [
        migrations.AddField(
            model_name="sender",
            name="reply_marked",
            field=models.BooleanField(default=False),
        ),
    ]
