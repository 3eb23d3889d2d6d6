"""The password of the mail server is sealed; one that stands in clear is sealed here (docs/decisions/0014)."""

from django.db import migrations, models

from debitora.kit.sealing import SEALED, seal, unseal


def _about(company):
    return f"messaging.sender.smtp_password/{company}"


def seal_passwords(apps, _schema_editor):
    """Seal what stands in clear, as the owner, who sees every company."""
    senders = apps.get_model("messaging", "Sender").objects
    for pk, company, clear in senders.exclude(smtp_password_sealed="").values_list(
        "pk", "company_id", "smtp_password_sealed"
    ):
        senders.filter(pk=pk).update(smtp_password_sealed=seal(clear, about=_about(company)))


def open_passwords(apps, _schema_editor):
    """Back to the clear text. Raises CannotUnseal if the secret key is another one."""
    senders = apps.get_model("messaging", "Sender").objects
    for pk, company, sealed in senders.exclude(smtp_password_sealed="").values_list(
        "pk", "company_id", "smtp_password_sealed"
    ):
        senders.filter(pk=pk).update(smtp_password_sealed=unseal(sealed, about=_about(company)))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_dead_addresses")]
    operations = [
        migrations.RenameField("sender", "smtp_password", "smtp_password_sealed"),
        migrations.AlterField("sender", "smtp_password_sealed", models.TextField(blank=True, default="")),
        migrations.RunPython(seal_passwords, open_passwords),
        migrations.AddConstraint(
            "sender",
            models.CheckConstraint(
                condition=models.Q(smtp_password_sealed="") | models.Q(smtp_password_sealed__regex=SEALED),
                name="smtp_password_is_sealed",
            ),
        ),
    ]
