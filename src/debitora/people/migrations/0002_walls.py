"""Walls of people: progress is a company's; companies, users and grants are read before a company is served."""

from django.db import migrations

from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_refusals"), ("people", "0001_initial")]
    operations = [company_table("people_progress")]
