"""All addresses. Company pages are written without their company: CompanyMount strips `/c/<code>/` and mounts them there."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from debitora.config.account import ADDRESSES, PROVIDER_ADDRESSES

urlpatterns = [
    path("account/", include(ADDRESSES)),
    *([path("account/", include(PROVIDER_ADDRESSES))] if settings.SOCIALACCOUNT_PROVIDERS else ()),
    path("", include("debitora.people.urls")),
    path("", include("debitora.desk.urls")),
    path("", include("debitora.receivables.urls")),
    path("", include("debitora.exchange.urls")),
    path("", include("debitora.cash.urls")),
    path("", include("debitora.disputes.urls")),
    path("", include("debitora.dunning.urls")),
    path("", include("debitora.messaging.urls")),
]
handler400 = "debitora.config.errors.bad_request"
handler403 = "debitora.config.errors.forbidden"
handler404 = "debitora.config.errors.not_found"
handler429 = "debitora.config.errors.too_many"  # asked for by allauth
handler500 = "debitora.config.errors.broken"
