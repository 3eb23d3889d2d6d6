"""What pages bear: a broken-off transaction, and a statement that would never end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from debitora.config.middleware import AfterDeadlock
from debitora.kit.pg import base

asked: list[str] = []


def page(request: HttpRequest, times: int, code: str) -> HttpResponse:
    """Fails so many times as the server would, after it has written something."""
    asked.append(
        str(request.POST.get("word", "")) + "".join(file.read().decode() for file in request.FILES.values())
    )
    with connection.cursor() as cursor:
        cursor.execute("create temporary table written (word text)")
        if len(asked) <= times:
            cursor.execute(f"do $$ begin raise exception 'no' using errcode = '{code}'; end $$")
    return HttpResponse("done")


urlpatterns = [path("page/<int:times>/<str:code>/", page)]


@pytest.fixture(autouse=True)
def _own_page(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    asked.clear()
    yield
    connections["default"].cursor().execute("drop table if exists pg_temp.written")


@pytest.mark.parametrize("code", ["40P01", "40001"])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_c21_a_page_that_was_broken_off_is_asked_again(db: None, times: int, code: str) -> None:
    """With its form and from the start: what it had written is gone. Thrice at most."""
    answer = Client().post(f"/page/{times}/{code}/", {"word": "once"})
    assert (answer.status_code, answer.content) == (200, b"done")
    assert asked == ["once"] * (times + 1)


@pytest.mark.parametrize(("times", "code", "tries"), [(3, "40P01", AfterDeadlock.TRIES), (1, "55P03", 1)])
def test_c21_not_for_ever_and_for_nothing_else(db: None, times: int, code: str, tries: int) -> None:
    with pytest.raises(OperationalError):
        Client().post(f"/page/{times}/{code}/", {})
    assert len(asked) == tries


def test_c21_a_file_is_read_from_its_start_again(db: None, tmp_path: Any) -> None:
    (tmp_path / "list.csv").write_bytes(b"all of it")
    with (tmp_path / "list.csv").open("rb") as file:
        assert Client().post("/page/1/40P01/", {"file": file}).status_code == 200
    assert asked == ["all of it", "all of it"]


def test_w23_no_statement_of_a_page_runs_for_ever(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_bound", {})
    base.bound_statements(seconds=1)
    asking = connection.copy()
    try:
        with asking.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("select pg_sleep(30)")
    finally:
        asking.close()
