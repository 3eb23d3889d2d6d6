"""How allauth behaves here: nobody signs up by herself, secrets are sealed, and a provider opens only known doors."""

from __future__ import annotations

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from debitora.kit.sealing import CannotUnseal, seal, unseal
from debitora.people.gates import confirm, confirmed_recently
from debitora.people.models import User
from debitora.people.queries import user_by_email

_ABOUT = "second factor"


class InvitedOnly(DefaultAccountAdapter):
    """Sign-up is closed; signing in counts as a fresh confirmation of who one is."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session."""
        super().login(request, user)
        confirm(request)

    def is_reauthentication_required(self, *, app: str, **_more: Any) -> bool:
        """Before factors are changed: the same rule as for pages of our own."""
        return not confirmed_recently(context.request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Who was shut out learns no more than that it did not work."""
        return _back_to_login(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses are counted by login and address, so that nobody is shut out by a stranger who knows her login."""
        counted = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{counted}@{self.get_client_ip(request)}"


class SealedFactors(DefaultMFAAdapter):
    """Secrets of second factors lie sealed in the database; the code for the app is drawn here."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text, about=_ABOUT)

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal a secret. One that cannot be opened any more becomes a random one, which no code fits."""
        try:
            return unseal(encrypted_text, about=_ABOUT)
        except CannotUnseal:
            return str(generate_totp_secret())

    def build_totp_svg(self, url: str) -> str:
        """A QR code, as SVG that stands in the page and holds no style."""
        return segno.make(url, error="m").svg_inline(
            scale=4, border=4, dark="#000", light="#fff", omitsize=True
        )

    def get_totp_issuer(self) -> str:
        """What the app shows above the code."""
        return "Debitora"

    def get_totp_label(self, user: User) -> str:
        """Whose code it is."""
        return user.login

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey is good for the host at which it was made."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Debitora"}


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """A provider signs in people who are here already, found by an e-mail address that it has verified."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the provider's account to its person at the first time. Others are sent back to the login."""
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(_back_to_login(request))
        if sociallogin.is_existing:
            return
        addresses = [one.email for one in sociallogin.email_addresses if one.verified is True]
        person = user_by_email(email=addresses[0]) if len(addresses) == 1 else None
        if person is None:
            raise ImmediateHttpResponse(_back_to_login(request))
        sociallogin.connect(request, person)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def on_authentication_error(self, request: HttpRequest, *_what: Any, **_more: Any) -> None:
        """The provider did not confirm who it is, for whatever reason."""
        raise ImmediateHttpResponse(_back_to_login(request))


def _back_to_login(request: HttpRequest) -> HttpResponse:
    messages.error(
        request, _("You could not be signed in. Please ask a credit manager whether you have access.")
    )
    return redirect("account_login")
