"""Of allauth's pages those that exist here, and where: nobody signs up, and addresses are not confirmed."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as provider
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse_lazy

from debitora.people.actions import end_other_sessions
from debitora.people.gates import confirm
from debitora.people.pages.security import security

_OVERVIEW = reverse_lazy("mfa_index")


class _Confirms:
    """Whoever passes has just shown who she is."""

    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        """Note it, and go on with what she wanted."""
        confirm(self.request)
        return super().form_valid(form)  # type: ignore[misc, no-any-return]  # the view beside it has one


class ByPassword(_Confirms, account.ReauthenticateView):
    """Confirm by the password."""


class ByCode(_Confirms, factors.ReauthenticateView):
    """Confirm by a code of the app, or a recovery code."""


class ByPasskey(_Confirms, passkeys.ReauthenticateWebAuthnView):
    """Confirm by a passkey."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong, and let her try again on the way to the same place."""
        super().form_invalid(form)
        return redirect(self.request.get_full_path())


class ChangePassword(account.PasswordChangeView):
    """Change the password, which signs all other browsers out."""

    success_url = _OVERVIEW

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it; this browser stays."""
        answer: HttpResponse = super().form_valid(form)
        end_other_sessions(user=self.request.user, current=self.request.session.session_key)
        confirm(self.request)
        return answer


ADDRESSES: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("login/code/", factors.authenticate, name="mfa_authenticate"),
    path("login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", ChangePassword.as_view(), name="account_change_password"),
    path("again/", ByPassword.as_view(), name="account_reauthenticate"),
    path("again/code/", ByCode.as_view(), name="mfa_reauthenticate"),
    path("again/passkey/", ByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("security/", security, name="mfa_index"),
    path("security/app/", app.activate_totp, name="mfa_activate_totp"),
    path("security/app/end/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/",
        passkeys.EditWebAuthnView.as_view(success_url=_OVERVIEW),
        name="mfa_edit_webauthn",
    ),
    path(
        "security/passkeys/<int:pk>/end/",
        passkeys.RemoveWebAuthnView.as_view(success_url=_OVERVIEW),
        name="mfa_remove_webauthn",
    ),
]
PROVIDER_ADDRESSES: list[URLPattern] = [
    path("<str:provider_id>/login/", provider.login, name="openid_connect_login"),
    path("<str:provider_id>/login/callback/", provider.callback, name="openid_connect_callback"),
]
"""There only where the environment names a provider."""
