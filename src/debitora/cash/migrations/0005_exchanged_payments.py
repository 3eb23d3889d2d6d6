from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cash", "0004_walls_of_bookings"),
        ("people", "0005_views_of_differences"),
        ("receivables", "0011_discounts_and_returns"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="bookedpart",
            name="part_kind_known",
        ),
        migrations.AddField(
            model_name="booking",
            name="exchanged_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="booking",
            name="rate_source",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="proposal",
            name="exchanged_currency",
            field=models.CharField(blank=True, default="", max_length=3),
        ),
        migrations.AddField(
            model_name="proposal",
            name="exchanged_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="bookedpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("allocated", "discount", "written_off", "exchange", "returned", "refunded"))
                ),
                name="part_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("exchanged_minor", None), ("rate_source", "")),
                    models.Q(
                        ("kind__in", ("payment", "returned")),
                        ("rate_source__in", ("bank", "by_hand")),
                        models.Q(
                            models.Q(("exchanged_minor__gt", 0), ("minor__gt", 0)),
                            models.Q(("exchanged_minor__lt", 0), ("minor__lt", 0)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="booking_exchanged_at_a_rate",
            ),
        ),
    ]
