"""Second factors: enrolled, asked for, used up, sealed, required of roles, and slow to guess."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from debitora.people.rules import UnknownRole, roles_named
from debitora.people.testing import signed_in

PASSWORD = "correct horse battery"


def _code(secret: str, steps: int = 0) -> str:
    """What an app shows, so many times thirty seconds from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def _enrolled(client: Client) -> tuple[str, list[str]]:
    """The secret of the app that a person has just set up, and her recovery codes."""
    page = client.get("/account/security/app/")
    secret = str(page.context["form"].secret)
    done = client.post("/account/security/app/", {"code": _code(secret)})
    assert done["Location"].endswith("/account/security/codes/")
    return secret, re.findall(r"<li>(\d{8})</li>", client.get(done["Location"]).content.decode())


def _half_way(client: Client, user: Any) -> None:
    done = client.post("/account/login/", {"login": user.login, "password": PASSWORD, "next": "/c/acme/"})
    assert done["Location"].endswith("/account/login/code/")
    assert client.get("/c/acme/").status_code == 302


def test_an_app_is_set_up_with_a_code_drawn_in_the_page(clerk: Any) -> None:
    client = signed_in(clerk)
    page = client.get("/account/security/app/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    wrong = client.post("/account/security/app/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    _secret, codes = _enrolled(client)
    assert len(set(codes)) == 10


def test_recovery_codes_are_shown_once(clerk: Any) -> None:
    client = signed_in(clerk)
    _secret, codes = _enrolled(client)
    again = client.get("/account/security/codes/").content.decode()
    assert not [code for code in codes if code in again]
    client.post("/account/security/codes/new/")
    fresh = re.findall(r"<li>(\d{8})</li>", client.get("/account/security/codes/").content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)


def test_the_password_alone_opens_nothing_any_more(client: Client, clerk: Any) -> None:
    secret, _codes = _enrolled(signed_in(clerk))
    _half_way(client, clerk)
    assert client.post("/account/login/code/", {"code": "000000"}).status_code == 200
    assert client.get("/c/acme/").status_code == 302
    done = client.post("/account/login/code/", {"code": _code(secret)})
    assert (done.status_code, done["Location"]) == (302, "/c/acme/")
    assert client.get("/c/acme/").status_code == 200


def test_a_code_of_the_app_is_good_once(clerk: Any) -> None:
    secret, _codes = _enrolled(signed_in(clerk))
    code = _code(secret)
    for client, status in ((Client(), 302), (Client(), 200)):
        _half_way(client, clerk)
        assert client.post("/account/login/code/", {"code": code}).status_code == status


def test_a_recovery_code_is_good_once(clerk: Any) -> None:
    _secret, codes = _enrolled(signed_in(clerk))
    for client, status in ((Client(), 302), (Client(), 200)):
        _half_way(client, clerk)
        assert client.post("/account/login/code/", {"code": codes[3]}).status_code == status


def test_w17_guessing_codes_is_slowed(clerk: Any, client: Client) -> None:
    secret, _codes = _enrolled(signed_in(clerk))
    _half_way(client, clerk)
    for guess in range(5):
        client.post("/account/login/code/", {"code": f"{guess:06}"})
    told = client.post("/account/login/code/", {"code": _code(secret)})
    assert told.status_code == 200
    assert "Too many" in told.content.decode()


def test_secrets_lie_sealed_in_the_database(clerk: Any, settings: Any) -> None:
    secret, _codes = _enrolled(signed_in(clerk))
    for one in Authenticator.objects.all():
        kept = one.data.get("secret") or one.data.get("seed")
        assert kept.startswith("v1.")
        assert secret not in str(one.data)
    settings.SECRET_KEY = "another one, lost the first"
    adapter = get_adapter()
    lost = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert adapter.decrypt(lost) not in ("", secret, adapter.decrypt(lost))


def test_a_code_confirms_as_a_password_does(clerk: Any) -> None:
    client = signed_in(clerk)
    secret, _codes = _enrolled(client)
    session = client.session
    session["confirmed"] = 0
    session.save()
    asked = client.get("/c/acme/items/export/csv/")
    by_code = asked["Location"].replace("/again/", "/again/code/")
    assert client.post(by_code, {"code": _code(secret)}).status_code == 302
    assert client.get("/c/acme/items/export/csv/").status_code == 200


def test_factors_are_changed_only_after_a_confirmation(clerk: Any) -> None:
    client = signed_in(clerk)
    _enrolled(client)
    session = client.session
    session["confirmed"] = 0
    session.save()
    for path in ("app/end/", "codes/new/", "codes/", "passkeys/new/"):
        assert "/account/again/" in client.get(f"/account/security/{path}")["Location"], path
    client.post("/account/security/app/end/")
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_a_form_that_another_tab_pushes_aside_is_told_of(manager: Any) -> None:
    """One form waits for a confirmation at a time; what is not kept is said, and done by nobody."""
    client = signed_in(manager)
    session = client.session
    session["confirmed"] = 0
    session.save()
    told = "was not sent. Please send it once more."
    asked = client.post("/c/acme/settings/sender/edit/", {"name": "Acme"})
    assert told not in client.get(asked["Location"]).content.decode()
    asked = client.post("/c/acme/settings/texts/notice1.business/de/saved/", {"subject": "Mahnung"})
    assert told in client.get(asked["Location"]).content.decode()


def test_removing_the_last_factor_takes_the_recovery_codes_along(clerk: Any) -> None:
    client = signed_in(clerk)
    _enrolled(client)
    client.post("/account/security/app/end/")
    assert not Authenticator.objects.exists()


def test_a_role_that_needs_one_is_led_to_set_it_up(manager: Any, clerk: Any, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = roles_named("manager")
    client = signed_in(manager)
    led = client.get("/c/acme/items/")
    assert (led.status_code, led["Location"]) == (302, "/c/acme/account/security/")
    assert "set up a second factor" in client.get(led["Location"]).content.decode()
    assert client.get("/c/acme/", headers={"hx-request": "true"})["HX-Redirect"] == led["Location"]
    _enrolled(client)
    assert client.get("/c/acme/items/").status_code == 200
    assert signed_in(clerk).get("/c/acme/items/").status_code == 200


def test_a_misspelt_role_stops_the_start() -> None:
    assert roles_named(" manager, clerk ,") == {"manager", "clerk"}
    assert roles_named("") == frozenset()
    with pytest.raises(UnknownRole):
        roles_named("manger")


def test_a_passkey_that_is_none_is_refused(client: Client, clerk: Any) -> None:
    options = client.get("/account/login/passkey/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    for made_up in ("{}", "[]", "null", '{"id": "x", "rawId": "x", "response": {"userHandle": "MQ"}}'):
        answer = client.post("/account/login/passkey/", {"credential": made_up})
        assert answer.status_code == 302, made_up
        assert answer["Location"].endswith("/account/login/"), made_up
    assert client.get("/c/acme/").status_code == 302


def test_somebody_else_s_passkey_is_not_there(clerk: Any, manager: Any) -> None:
    theirs = Authenticator.objects.create(user=manager, type="webauthn", data={"name": "x", "credential": {}})
    client = signed_in(clerk)
    for path in ("", "end/"):
        assert client.get(f"/account/security/passkeys/{theirs.pk}/{path}").status_code == 404
        assert client.post(f"/account/security/passkeys/{theirs.pk}/{path}").status_code == 404
