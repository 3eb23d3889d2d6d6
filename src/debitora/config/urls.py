"""All addresses. Company pages are written without their company: CompanyMount strips `/c/<code>/` and mounts them there."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

_ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
]
"""Of allauth's pages those that exist here: nobody signs up, and addresses are not confirmed."""

urlpatterns = [
    path("account/", include(_ACCOUNT)),
    path("", include("debitora.people.urls")),
    path("", include("debitora.desk.urls")),
    path("", include("debitora.receivables.urls")),
    path("", include("debitora.exchange.urls")),
    path("", include("debitora.dunning.urls")),
    path("", include("debitora.messaging.urls")),
]
handler400 = "debitora.config.errors.bad_request"
handler403 = "debitora.config.errors.forbidden"
handler404 = "debitora.config.errors.not_found"
handler500 = "debitora.config.errors.broken"
