"""Sign-in with the company's provider: off by default, whole or not at all, and only for people who are here already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import NoReverseMatch, include, path, reverse, set_script_prefix

from debitora.config.account import ADDRESSES, PROVIDER_ADDRESSES
from debitora.config.oidc import OidcIncomplete, oidc_provider
from debitora.config.urls import urlpatterns
from debitora.people.models import User

WHOLE = {
    "DEBITORA_OIDC_URL": "https://id.example/realms/acme",
    "DEBITORA_OIDC_CLIENT": "debitora",
    "DEBITORA_OIDC_SECRET": "hush",
}


class _Provider(BaseHTTPRequestHandler):
    """An identity provider that says of everybody what the test put into `claims`."""

    claims: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        """Where things are, and who it is."""
        base = f"http://127.0.0.1:{self.server.server_port}"
        where = {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/who",
            "jwks_uri": f"{base}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        self._tell(where if "well-known" in self.path else self.claims)

    def do_POST(self) -> None:
        """A token."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._tell({"access_token": "t", "token_type": "Bearer"})

    def _tell(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_what: Any) -> None:
        """Say nothing."""


@pytest.fixture
def provider(settings: Any) -> Iterator[dict[str, Any]]:
    """A running provider that the installation knows; its claims."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    known = oidc_provider(WHOLE)
    known["openid_connect"]["APPS"][0]["settings"]["server_url"] = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = known
    settings.ROOT_URLCONF = (
        path("account/", include(ADDRESSES)),
        path("account/", include(PROVIDER_ADDRESSES)),
        *urlpatterns[1:],
    )
    _Provider.claims = {"sub": "7", "email": "", "email_verified": True}
    try:
        yield _Provider.claims
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _came_back(client: Client, wanted: str = "/c/acme/items/") -> Any:
    """What the callback answers, after the way to the provider and back."""
    page = client.get(f"/c/acme/account/login/?next={wanted}").content.decode()
    assert "Sign in with id.example" in page
    link = f"/account/sso/login/?{urlencode({'next': wanted})}"
    assert f'href="{link}"' in page
    set_script_prefix("/")  # as the server does for every request
    out = client.get(link)
    asked = parse_qs(urlsplit(out["Location"]).query)
    assert asked["redirect_uri"] == ["http://testserver/account/sso/login/callback/"]
    assert "code_challenge" in asked
    return client.get("/account/sso/login/callback/", {"code": "c", "state": asked["state"][0]})


def test_off_there_is_no_such_address(client: Client, db: None) -> None:
    assert oidc_provider({}) == {}
    with pytest.raises(NoReverseMatch):
        reverse("openid_connect_login", args=["sso"])
    assert client.get("/account/sso/login/").status_code == 404
    assert "Sign in with id" not in client.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{name: ""} for name in WHOLE] + [{"DEBITORA_OIDC_URL": "http://id.example"}],
)
def test_half_a_provider_stops_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(OidcIncomplete):
        oidc_provider(WHOLE | wrong)


def test_the_provider_is_called_by_its_host_or_its_name() -> None:
    for more, name in (({}, "id.example"), ({"DEBITORA_OIDC_NAME": "Acme account"}, "Acme account")):
        assert oidc_provider(WHOLE | more)["openid_connect"]["APPS"][0]["name"] == name


def test_a_verified_address_signs_its_person_in(
    provider: dict[str, Any], client: Client, clerk: User
) -> None:
    provider["email"] = clerk.email.upper()
    answer = _came_back(client)
    assert (answer.status_code, answer["Location"]) == (302, "/c/acme/items/")
    assert client.get("/c/acme/items/").status_code == 200
    assert clerk.password == User.objects.get(pk=clerk.pk).password
    assert SocialAccount.objects.get().user_id == clerk.pk


def test_after_the_first_time_the_provider_s_own_number_counts(
    provider: dict[str, Any], client: Client, clerk: User
) -> None:
    provider["email"] = clerk.email
    _came_back(client)
    provider["email"] = "renamed@acme.example"
    again = Client(headers={"accept-language": "en"})
    assert _came_back(again)["Location"] == "/c/acme/items/"


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": "nobody@acme.example"},
        {"email": ""},
    ],
)
def test_others_stay_outside_and_nobody_is_made(
    provider: dict[str, Any], client: Client, clerk: User, claims: dict[str, Any]
) -> None:
    provider.update({"email": clerk.email} | claims)
    before = User.objects.count()
    answer = _came_back(client)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/account/login/")
    assert client.get("/c/acme/items/").status_code == 302
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_an_address_of_two_people_is_nobody_s(
    provider: dict[str, Any], client: Client, clerk: User, sales: User
) -> None:
    sales.email = clerk.email
    sales.save()
    provider["email"] = clerk.email
    assert _came_back(client)["Location"].endswith("/account/login/")


def test_a_forged_return_is_refused(provider: dict[str, Any], client: Client, clerk: User) -> None:
    provider["email"] = clerk.email
    answer = client.get("/account/sso/login/callback/", {"code": "c", "state": "made up"})
    assert answer.status_code == 302
    assert client.get("/c/acme/items/").status_code == 302
