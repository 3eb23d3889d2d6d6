"""Sign-in with the company's own identity provider, by OpenID Connect: off unless the environment names one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

PROVIDER: Final = "sso"
"""Stands in the addresses that the provider has to know: <base>/account/sso/login/callback/."""
_NAMES: Final = ("DEBITORA_OIDC_URL", "DEBITORA_OIDC_CLIENT", "DEBITORA_OIDC_SECRET")


class OidcIncomplete(Exception):
    """Address, client and secret of the provider belong together, and the address begins with https://."""


def oidc_provider(environ: Mapping[str, str]) -> dict[str, Any]:
    """allauth's setting for the provider that the environment names; {} for none. Raises OidcIncomplete."""
    given = {name: environ.get(name, "").strip() for name in _NAMES}
    if not any(given.values()):
        return {}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise OidcIncomplete(f"{', '.join(missing)} missing")
    address, client, secret = given.values()
    if urlsplit(address).scheme != "https":
        raise OidcIncomplete("DEBITORA_OIDC_URL must begin with https://")
    app = {
        "provider_id": PROVIDER,
        "name": environ.get("DEBITORA_OIDC_NAME", "").strip() or urlsplit(address).hostname,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": address, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
