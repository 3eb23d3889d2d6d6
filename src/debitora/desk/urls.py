"""Addresses of the desk."""

from django.urls import path

from debitora.desk.pages import home

app_name = "desk"
urlpatterns = [
    path("", home.today, name="today"),
    path("settings/", home.settings, name="settings"),
]
