"""Addresses of people."""

from django.urls import path

from debitora.people import pages

app_name = "people"
urlpatterns = [
    path("companies/", pages.companies, name="companies"),
    path("language/", pages.language, name="language"),
    path("settings/people/", pages.members, name="members"),
    path("settings/people/new/", pages.new_member, name="new_member"),
    path("settings/people/<int:user>/role/", pages.role, name="role"),
    path("settings/people/<int:user>/grant/end/", pages.end_grant, name="end_grant"),
]
