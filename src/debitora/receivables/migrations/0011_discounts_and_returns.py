from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_saved_views_and_read_marks"),
        ("receivables", "0010_sums_of_customers_from_an_index"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="entry",
            name="entry_kind_known",
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "opened",
                            "corrected",
                            "charged",
                            "paid_per_list",
                            "settled_per_list",
                            "exchange",
                            "written_off",
                            "discount",
                            "returned",
                            "refunded",
                        ),
                    )
                ),
                name="entry_kind_known",
            ),
        ),
    ]
