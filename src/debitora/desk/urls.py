"""Addresses of the desk."""

from django.urls import path

from debitora.desk.pages import dossier, home, records, search

app_name = "desk"
urlpatterns = [
    path("", home.today, name="today"),
    path("search/", search.search, name="search"),
    path("customers/<int:customer>/dossier.pdf", dossier.dossier, name="dossier"),
    path("settings/", home.settings, name="settings"),
    path("settings/record/", records.shown, name="records"),
    path("settings/record/<int:record>/", records.record, name="record"),
    path("settings/record/record.csv", records.records_csv, name="records_csv"),
]
