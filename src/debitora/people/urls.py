"""Addresses of people."""

from django.urls import path

from debitora.people.pages import absences, members, news, security, views

app_name = "people"
urlpatterns = [
    path("companies/", members.companies, name="companies"),
    path("language/", members.language, name="language"),
    path("account/file/", security.file, name="file"),
    path("account/sessions/end/", security.sessions_end, name="sessions_end"),
    path("account/sessions/<int:session>/end/", security.session_end, name="session_end"),
    path("settings/people/", members.members, name="members"),
    path("settings/people/new/", members.new_member, name="new_member"),
    path("settings/people/<int:user>/role/", members.role, name="role"),
    path("settings/people/<int:user>/grant/end/", members.end_grant, name="end_grant"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:absence>/end/", absences.ended, name="end_absence"),
    path("absences/<int:absence>/resumption/", absences.resumed, name="resume_absence"),
    path("notifications/", news.notifications, name="notifications"),
    path("notifications/read/", news.read, name="read_notifications"),
    path("views/", views.views, name="views"),
    path("views/new/", views.new_view, name="new_view"),
    path("views/<int:saved_view>/", views.rename, name="view"),
    path("views/<int:saved_view>/query/", views.replace, name="replace_view"),
    path("views/<int:saved_view>/end/", views.delete, name="delete_view"),
    path("views/<int:saved_view>/default/", views.make_default, name="default_view"),
    path("views/<int:saved_view>/default/end/", views.end_default, name="end_default_view"),
]
