"""Where one is signed in: listed, ended one by one or at once, ended by a new password, and bounded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from debitora.kit.runtime import clock_at, now
from debitora.people.actions import MOST_SESSIONS
from debitora.people.rules import browser_named

PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def _entered(user: Any, browser: str = FIREFOX) -> Client:
    client = Client(headers={"accept-language": "en", "user-agent": browser})
    assert client.post("/account/login/", {"login": user.login, "password": PASSWORD}).status_code == 302
    return client


def _is_in(client: Client) -> bool:
    return client.get("/c/acme/").status_code == 200


@pytest.mark.parametrize(
    ("told", "called"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        (PHONE, ("Safari", "iPhone")),
        (EDGE, ("Edge", "Windows")),
        ("curl/8", ("", "")),
    ],
)
def test_browsers_are_called_what_people_call_them(told: str, called: tuple[str, str]) -> None:
    assert browser_named(told) == called


def test_one_sees_where_one_is_signed_in_and_ends_it(clerk: Any) -> None:
    here, phone = _entered(clerk), _entered(clerk, PHONE)
    page = here.get("/account/security/")
    told = page.content.decode()
    assert "Firefox on Linux" in told
    assert "Safari on iPhone" in told
    mine, theirs = page.context["sessions"]
    assert (mine.current, theirs.current) == (True, False)
    here.post(f"/account/sessions/{theirs.id}/end/")
    assert _is_in(here)
    assert not _is_in(phone)


def test_times_are_those_of_ones_company(clerk: Any) -> None:
    """Though the page belongs to no company."""
    here, _phone = _entered(clerk), _entered(clerk, PHONE)
    page = here.get("/account/security/")
    seen = page.context["sessions"][1].seen_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"last seen {seen:%d/%m/%Y %H:%M}" in page.content.decode()


def test_everywhere_else_is_ended_at_once(clerk: Any, manager: Any) -> None:
    here, others, stranger = _entered(clerk), [_entered(clerk), _entered(clerk, PHONE)], _entered(manager)
    here.post("/account/sessions/end/")
    assert not any(_is_in(other) for other in others)
    assert _is_in(here)
    assert _is_in(stranger)


def test_somebody_else_s_session_is_not_there(clerk: Any, manager: Any) -> None:
    here, theirs = _entered(clerk), _entered(manager)
    known = UserSession.objects.get(user=manager)
    foreign = here.post(f"/account/sessions/{known.pk}/end/")
    unknown = here.post("/account/sessions/987654321/end/")
    assert foreign.status_code == unknown.status_code == 404
    assert _is_in(theirs)


def test_a_new_password_signs_out_everywhere_else(clerk: Any) -> None:
    here, phone = _entered(clerk), _entered(clerk, PHONE)
    given = {"oldpassword": PASSWORD, "password1": "a longer horse", "password2": "a longer horse"}
    assert here.post("/account/password/", given)["Location"].endswith("/account/security/")
    assert _is_in(here)
    assert not _is_in(phone)
    assert len(here.get("/account/security/").context["sessions"]) == 1


def test_a_wrong_new_password_is_answered_politely_and_its_fields_say_their_name_once(clerk: Any) -> None:
    given = {"oldpassword": "not this one", "password1": "a longer horse", "password2": "a longer cow"}
    said = (
        _entered(clerk).post("/account/password/", given, headers={"accept-language": "de"}).content.decode()
    )
    assert "Das aktuelle Passwort stimmt nicht." in said
    assert "Die beiden Passwörter sind nicht gleich." in said
    assert "placeholder" not in said
    given = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    said = (
        _entered(clerk).post("/account/password/", given, headers={"accept-language": "nl"}).content.decode()
    )
    assert "Het wachtwoord is te kort. Het heeft minstens 12 tekens nodig." in said


def test_a_session_ends_though_it_is_never_idle(clerk: Any) -> None:
    client, began = _entered(clerk), now()
    assert _is_in(client)
    for hours, still in ((6, True), (11.9, True), (12.1, False)):
        with clock_at(began + timedelta(hours=hours)):
            assert _is_in(client) is still


def test_presence_is_noted_now_and_then(clerk: Any) -> None:
    client, began = _entered(clerk), now()
    assert _is_in(client)
    seen = UserSession.objects.get(user=clerk).last_seen_at
    for minutes, noted in ((4, False), (6, True)):
        with clock_at(began + timedelta(minutes=minutes)):
            assert _is_in(client)
        assert (UserSession.objects.get(user=clerk).last_seen_at > seen) is noted


def test_one_browser_too_many_ends_the_one_longest_unseen(clerk: Any) -> None:
    began, clients = now(), []
    for place in range(MOST_SESSIONS + 1):
        with clock_at(began + timedelta(minutes=place)):
            clients.append(_entered(clerk))
            assert _is_in(clients[-1])
    assert [_is_in(client) for client in clients] == [False] + [True] * MOST_SESSIONS


def test_w17_guessing_a_password_is_slowed_and_shuts_nobody_else_out(clerk: Any) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.7", headers={"accept-language": "en"})
    for guess in range(5):
        guesser.post("/account/login/", {"login": clerk.login, "password": f"guess number {guess}"})
    told = guesser.post("/account/login/", {"login": clerk.login, "password": PASSWORD})
    assert told.status_code == 200
    assert "Too many" in told.content.decode()
    assert _is_in(_entered(clerk))


def test_w17_many_logins_from_one_address_are_slowed(clerk: Any) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    for guess in range(10):
        guesser.post("/account/login/", {"login": f"nobody-{guess}", "password": PASSWORD})
    assert guesser.post("/account/login/", {"login": clerk.login, "password": PASSWORD}).status_code == 200


def test_w17_behind_a_proxy_one_who_guesses_shuts_nobody_else_out(clerk: Any, settings: Any) -> None:
    """Known by the address that the proxy saw, whatever he writes before it."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def behind(told: str) -> Client:
        return Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": told, "accept-language": "en"})

    for guess in range(10):
        behind(f"198.51.100.{guess}, 203.0.113.7").post(
            "/account/login/", {"login": f"nobody-{guess}", "password": PASSWORD}
        )
    told = {"login": clerk.login, "password": PASSWORD}
    assert behind("192.0.2.1, 203.0.113.7").post("/account/login/", told).status_code == 200
    assert behind("203.0.113.8").post("/account/login/", told).status_code == 302


def test_an_unknown_login_answers_exactly_like_a_wrong_password(clerk: Any) -> None:
    def told(login: str) -> tuple[int, str, list[str]]:
        client = Client(headers={"accept-language": "en"})
        for _ in range(6):  # beyond the limit too
            answer = client.post("/account/login/", {"login": login, "password": "wrong horse battery"})
        body = answer.content.decode().replace(login, "LOGIN")
        lines = [line for line in body.splitlines() if "csrf" not in line]
        return answer.status_code, "\n".join(lines), sorted(answer.headers)

    assert told(clerk.login) == told("nobody-here")
    assert told(clerk.email) == told("nobody@debitora.example")


def test_who_was_shut_out_learns_no_more(clerk: Any) -> None:
    clerk.is_active = False
    clerk.save()
    client = Client(headers={"accept-language": "en"})
    told = client.post("/account/login/", {"login": clerk.login, "password": PASSWORD}, follow=True)
    assert "You could not be signed in." in told.content.decode()
    assert not _is_in(client)
