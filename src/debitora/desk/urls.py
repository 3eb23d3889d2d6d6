"""Addresses of the desk."""

from django.urls import path

from debitora.desk import pages

app_name = "desk"
urlpatterns = [
    path("", pages.today, name="today"),
    path("settings/", pages.settings, name="settings"),
]
