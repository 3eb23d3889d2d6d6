"""Strategies as files: what is taken out comes in unchanged; what is wrong, forbidden or saved meanwhile is told and lost nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from debitora.dunning.actions import change_strategy
from debitora.dunning.queries.strategies import StrategyRow, strategies
from debitora.dunning.rules.policy_file import read, write
from debitora.dunning.rules.presets import names, preset, with_claims
from debitora.dunning.testing import MOMENT, TESTS
from debitora.people.models import Company, User
from debitora.values.money import Money

ClientOf = Callable[[User], Client]
HERE = "/c/acme/settings/strategies/from-file/"


def named(name: str) -> StrategyRow | None:
    return next((row for row in strategies() if row.name == name), None)


def business() -> StrategyRow:
    row = named(preset("de-business").name)
    assert row is not None
    return row


@pytest.mark.parametrize("name", names())
def test_every_preset_survives_its_file(name: str) -> None:
    for policy in (preset(name), with_claims(name)):
        assert read(write(policy)) == (policy, ())


def test_a_strategy_goes_out_in_any_version_and_comes_in_as_the_next(
    acme: Company, manager: User, client_of: ClientOf
) -> None:
    client, row = client_of(manager), business()
    out = client.get(f"/c/acme/settings/strategies/{row.id}/file/")
    assert out.headers["Content-Disposition"] == 'attachment; filename="germany-business-customers-1.yaml"'
    changed = out.content.decode().replace("days_after_due: 21", "days_after_due: 22")
    shown = client.post(HERE, {"do": "look", "file": SimpleUploadedFile("own.yaml", changed.encode())})
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "This becomes version 2 of" in text
    assert text.count(">21</td>") == text.count(">22</td>") == 1
    assert business().version == 1
    kept = client.post(HERE, {"do": "keep", "text": changed, "version": "1"})
    assert (kept.status_code, business().version) == (303, 2)
    assert business().policy.steps[1].days_after_due == 22
    again = client.post(HERE, {"do": "keep", "text": changed, "version": "2"})
    assert (again.status_code, business().version) == (303, 2)
    first = client.get(f"/c/acme/settings/strategies/{row.id}/file/?version=1").content.decode()
    assert read(first) == (preset("de-business"), ())
    assert client.get(f"/c/acme/settings/strategies/{row.id}/file/?version=9").status_code == 404


def test_another_name_makes_another_strategy(acme: Company, manager: User, client_of: ClientOf) -> None:
    own = write(replace(preset("de-business"), name="Messe"))
    client = client_of(manager)
    assert "This becomes a new strategy" in client.post(HERE, {"do": "look", "text": own}).content.decode()
    assert named("Messe") is None
    assert client.post(HERE, {"do": "keep", "text": own}).status_code == 303
    assert named("Messe") is not None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "Choose a file"),
        ("policy: 1\n  name: x", "Correct the notation"),
        (write(preset("de-business")).replace("days_after_due: 21", "days_after_due: soon"), "whole number"),
        (write(preset("de-business")).replace("text: final", "text: final\n  wish: true"), "Remove this key"),
        ("\0" * 4, "Null characters"),
    ],
)
def test_what_is_no_strategy_is_told_with_place_and_remedy_and_not_lost(
    acme: Company, manager: User, client_of: ClientOf, said: str, told: str
) -> None:
    answer = client_of(manager).post(HERE, {"do": "keep", "text": said})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    if "days_after_due" in said:
        assert "grace_days: 0" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "told"), [(b"\xff\xfe\x00", "no text in UTF-8"), (300_000 * b"x", "too large")]
)
def test_a_file_of_another_kind_is_refused(
    acme: Company, manager: User, client_of: ClientOf, data: bytes, told: str
) -> None:
    answer = client_of(manager).post(HERE, {"do": "look", "file": SimpleUploadedFile("x.yaml", data)})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_what_the_law_forbids_is_shown_and_not_kept(
    acme: Company, manager: User, client_of: ClientOf
) -> None:
    first, *others = preset("de-business").steps
    own = write(replace(preset("de-business"), steps=(replace(first, fee=(Money.of("5", "EUR"),)), *others)))
    client = client_of(manager)
    shown = client.post(HERE, {"do": "look", "text": own}).content.decode()
    assert "de_cost_causes_default" in shown
    assert 'value="keep"' not in shown
    refused = client.post(HERE, {"do": "keep", "text": own, "version": "1"})
    assert (refused.status_code, business().version) == (422, 1)


def test_what_somebody_else_saved_meanwhile_is_not_run_over(
    acme: Company, manager: User, client_of: ClientOf
) -> None:
    row = business()
    own = write(replace(row.policy, grace_days=4))
    change_strategy(
        company=acme.id,
        strategy=row.id,
        version=1,
        policy=replace(row.policy, grace_days=3),
        by=TESTS,
        at=MOMENT,
    )
    client = client_of(manager)
    answer = client.post(HERE, {"do": "keep", "text": own, "version": "1"})
    assert (answer.status_code, business().policy.grace_days) == (409, 3)
    assert 'value="2"' in answer.content.decode()
    assert client.post(HERE, {"do": "keep", "text": own, "version": "2"}).status_code == 303


def test_only_who_may_edit_takes_one_in(
    acme: Company, clerk: User, auditor: User, client_of: ClientOf
) -> None:
    for person in (clerk, auditor):
        assert client_of(person).get(HERE).status_code == 403
