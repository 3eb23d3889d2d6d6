"""W01: every address, by every method, as every role, within and across companies. Made from the URLconf."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from django.test import Client

from debitora.people.rules import PERMISSIONS
from tests.security.addresses import (
    EVERY,
    METHODS,
    OPEN,
    PAGES,
    UNKNOWN,
    Address,
    combinations,
    stands_for,
    values_of,
)
from tests.security.conftest import signed_in_client
from tests.security.population import ROLES, House
from tests.security.watching import Watched, body_of, without_fleeting

Sign = Callable[[str], Watched]
HAPPY = {"GET": {200, 302, 303}, "HEAD": {200, 302, 303}, "POST": {200, 302, 303, 400, 409, 422}}
"""What a page answers to whom it may: the thing, a way on, or what is wrong with the form."""
TRIES = 60

every_page = pytest.mark.parametrize("address", PAGES, ids=str)


def test_every_address_is_guarded_or_on_the_short_list() -> None:
    unguarded = {address.name for address in EVERY if not address.permission}
    assert unguarded == OPEN, "decorate the page with people.gates.page, or defend it in OPEN"
    assert len({address.name for address in EVERY}) == len(EVERY), "two addresses have one name"


def test_every_permission_guards_something() -> None:
    assert {address.permission for address in PAGES} <= set(PERMISSIONS)


def test_every_parameter_is_known() -> None:
    for address in PAGES:
        for parameter in address.parameters:
            stands_for(parameter)


def _there(
    watched: Watched, address: Address, house: House, method: str = "GET"
) -> tuple[object, ...] | None:
    """Values under which the address is there for this person, if there are any."""
    for values in islice(combinations(address, house.company.id), TRIES):
        if watched.send(method, address.path(house.company.code, values)).status_code != 404:
            return values
    return None


@every_page
@pytest.mark.parametrize("name", [name for name in ROLES if name != "rival"])
def test_permission_matrix(acme: House, watched: Sign, address: Address, name: str) -> None:
    """W01: a role gets exactly what it may, by every method, at every address there is."""
    client = watched(name)
    may = ROLES[name] in PERMISSIONS[address.permission]
    values = _there(client, address, acme, address.methods[0]) if may else None
    if may:
        assert values is not None, f"nothing of the population is found at {address.route}"
    values = values or next(combinations(address, acme.company.id))
    path = address.path(acme.company.code, values)
    for method in METHODS:
        status = client.send(method, path).status_code
        if not may:
            assert status == 403, method
        elif method not in address.methods:
            assert status == 405, method
        else:
            assert status in HAPPY[method], (method, status)


@every_page
def test_w01_a_visitor_is_sent_to_sign_in(acme: House, address: Address) -> None:
    visitor = Watched(Client(), [acme.mark, acme.shade])
    path = address.path(acme.company.code, next(combinations(address, acme.company.id)))
    for method in METHODS:
        answer = visitor.send(method, path)
        assert answer.status_code == 302, method
        assert "/account/login/?next=" in answer.headers["Location"], method


@every_page
def test_w01_a_foreign_company_is_as_unknown_as_one_that_is_not_there(
    acme: House, umbra: House, address: Address
) -> None:
    stranger = Watched(signed_in_client(umbra, "manager"), [acme.mark, acme.shade, "acme werk"])
    values = next(combinations(address, acme.company.id))
    for method in METHODS:
        foreign = stranger.send(method, address.path("acme", values))
        assert foreign.status_code == 404, method
        if method == "GET":
            nowhere = stranger.send(method, address.path("nowhere", values))
            assert nowhere.status_code == 404, method
            assert alike(foreign, nowhere), method


@pytest.mark.parametrize(
    ("address", "name"),
    [
        pytest.param(address, name, id=f"{name}-{address}")
        for name in ("manager", "sales")
        for address in PAGES
        if any(stands_for(parameter) for parameter in address.parameters)
        and ROLES[name] in PERMISSIONS[address.permission]
    ],
)
def test_w01_what_belongs_to_others_is_as_unknown_as_what_is_not_there(
    acme: House, umbra: House, watched: Sign, address: Address, name: str
) -> None:
    client = watched(name)
    own = _there(client, address, acme, address.methods[0])
    assert own is not None
    for place, parameter in enumerate(address.parameters):
        if stands_for(parameter) is None:
            continue
        for method in address.methods:
            nowhere = client.send(method, address.path("acme", _with(own, place, UNKNOWN)))
            assert nowhere.status_code == 404
            for foreign in _foreign(parameter, umbra):
                answer = client.send(method, address.path("acme", _with(own, place, foreign)))
                assert answer.status_code == 404, (method, parameter)
                assert alike(answer, nowhere), (method, parameter)


def _with(values: tuple[object, ...], place: int, other: object) -> tuple[object, ...]:
    return (*values[:place], other, *values[place + 1 :])


def _foreign(parameter: str, umbra: House) -> list[object]:
    """Some of the other company's: the newest and the oldest."""
    found = values_of(parameter, umbra.company.id)
    return [found[0], found[-1]]


def alike(one: Any, other: Any) -> bool:
    """Whether two answers tell the same, but for the form token, the support number and the path asked for."""
    paths = [answer.request["PATH_INFO"].encode() for answer in (one, other)]
    bodies = [
        without_fleeting(body_of(answer)).replace(path, b"")
        for answer, path in zip((one, other), paths, strict=True)
    ]
    return bodies[0] == bodies[1] and dict(one.headers) == dict(other.headers)
