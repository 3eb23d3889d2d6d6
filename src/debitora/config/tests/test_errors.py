"""Error pages wear the house's look, name the way back, and ask the database nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from debitora.config import errors
from debitora.people.models import Company

Sign = Callable[[Any], Client]
LOOK = b'class="plain-card'


@pytest.mark.parametrize(
    ("page", "status"),
    [
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.csrf_refused, 403),
        (errors.not_found, 404),
        (errors.too_many, 429),
        (errors.broken, 500),
    ],
)
def test_an_error_page_asks_nothing_and_leads_home(
    rf: RequestFactory, company: Company, clerk: Any, page: Callable[..., HttpResponse], status: int
) -> None:
    request: Any = rf.get("/items/")
    request.company, request.person, request.user = company, clerk, clerk
    with CaptureQueriesContext(connection) as asked:
        answer = page(request)
    assert (answer.status_code, len(asked)) == (status, 0)
    assert LOOK in answer.content
    assert b'href="/c/acme/"' in answer.content


def test_an_address_called_otherwise_says_so_in_the_house_s_look(client_of: Sign, clerk: Any) -> None:
    answer = client_of(clerk).post("/c/acme/items/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert LOOK in answer.content


def test_who_tries_too_often_is_told_to_wait(client_of: Sign, settings: Any, clerk: Any) -> None:
    """The bound by address is reached before any password is looked at."""
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client(REMOTE_ADDR="203.0.113.77")
    answers = [client.post("/account/login/", {"login": "x", "password": "y"}) for _attempt in range(2)]
    assert answers[-1].status_code == 429
    assert LOOK in answers[-1].content
