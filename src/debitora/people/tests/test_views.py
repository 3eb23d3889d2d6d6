from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from debitora.kit.pg.company import serving
from debitora.people.actions import ViewNameTaken, save_view, set_default_view
from debitora.people.models import DefaultView, SavedView
from debitora.people.queries import default_queries, views_of
from debitora.people.rules import LONGEST_QUERY, ViewTooLong, kept_query
from debitora.trail.models import Record
from debitora.trail.rules import Actor

Sign = Callable[[Any], Client]
NEW = "/c/acme/views/new/"
BACK = "/c/acme/items/"


def kept(company: Any, owner: Any, moment: Any, *, name: str = "Late", shared: bool = False) -> SavedView:
    return save_view(
        company=company, owner=owner, name=name, of="items", query="state=overdue", shared=shared,
        by=Actor(owner.id, "user", owner.login), at=moment,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "stays"),
    [
        ("?state=overdue&after=abc&view=7", "state=overdue"),
        ("column=number&column=open&sort=-due", "column=number&column=open&sort=-due"),
        ("text=M%C3%BCller+%26+Co&before=4", "text=M%C3%BCller+%26+Co"),
        ("", ""),
    ],
)
def test_a_view_keeps_filters_order_and_columns_but_no_place(asked: str, stays: str) -> None:
    assert kept_query(asked) == stays


def test_a_view_has_an_end() -> None:
    with pytest.raises(ViewTooLong):
        kept_query("text=" + "x" * LONGEST_QUERY)
    with pytest.raises(ViewTooLong):
        kept_query("x" * 9 * LONGEST_QUERY)


def test_a_list_is_saved_and_opens_under_its_name(client_of: Sign, company: Any, clerk: Any) -> None:
    client = client_of(clerk)
    given = {"name": "My late ones", "list": "items", "query": "state=overdue&after=x", "back": BACK}
    answer = client.post(NEW, given)
    view = SavedView.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"{BACK}?state=overdue&view={view.id}"
    page = client.get(answer["Location"]).content.decode()
    assert "My late ones" in page
    assert Record.objects.filter(verb="view.saved", actor_id=clerk.id).count() == 1
    again = client.post(NEW, given)
    assert (again.status_code, SavedView.objects.count()) == (303, 1)


def test_a_changed_list_offers_to_replace_the_view(
    client_of: Sign, company: Any, clerk: Any, moment: Any
) -> None:
    view, client = kept(company, clerk, moment), client_of(clerk)
    replace = f"/c/acme/views/{view.id}/query/"
    assert replace not in client.get(f"{BACK}?state=overdue&view={view.id}").content.decode()
    assert replace in client.get(f"{BACK}?state=settled&view={view.id}").content.decode()
    client.post(replace, {"query": "state=settled&after=q", "back": BACK})
    view.refresh_from_db()
    assert view.query == "state=settled"


def test_a_view_is_private_until_it_is_shared(
    client_of: Sign, company: Any, clerk: Any, auditor: Any, moment: Any
) -> None:
    view, other = kept(company, clerk, moment), client_of(auditor)
    for path in ("", "query/", "end/", "default/", "default/end/"):
        assert other.post(f"/c/acme/views/{view.id}/{path}", {"name": "x"}).status_code == 404
    assert views_of(user=auditor, lists=["items"]) == []
    client_of(clerk).post(f"/c/acme/views/{view.id}/", {"name": "Late", "shared": "on"})
    assert [found.name for found in views_of(user=auditor, lists=["items"])] == ["Late"]
    assert other.post(f"/c/acme/views/{view.id}/default/").status_code == 303
    assert other.post(f"/c/acme/views/{view.id}/end/").status_code == 404
    client_of(clerk).post(f"/c/acme/views/{view.id}/", {"name": "Late"})
    assert not DefaultView.objects.exists()


def test_a_manager_may_delete_what_is_shared_but_does_not_see_what_is_not(
    client_of: Sign, company: Any, clerk: Any, manager: Any, moment: Any
) -> None:
    hers, shared = kept(company, clerk, moment), kept(company, clerk, moment, name="All", shared=True)
    client = client_of(manager)
    assert client.post(f"/c/acme/views/{hers.id}/end/").status_code == 404
    assert client.post(f"/c/acme/views/{shared.id}/end/").status_code == 303
    assert client.post(f"/c/acme/views/{shared.id}/end/").status_code == 404
    assert list(SavedView.objects.all()) == [hers]


def test_the_navigation_opens_the_default_view(
    client_of: Sign, company: Any, clerk: Any, moment: Any
) -> None:
    view, client = kept(company, clerk, moment), client_of(clerk)
    client.post(f"/c/acme/views/{view.id}/default/")
    assert default_queries(user=clerk) == {"items": f"?state=overdue&view={view.id}"}
    assert f"/c/acme/items/?state=overdue&amp;view={view.id}" in client.get("/c/acme/").content.decode()
    client.post(f"/c/acme/views/{view.id}/default/end/")
    assert default_queries(user=clerk) == {}


def test_a_name_is_taken_once_per_person_and_list(
    company: Any, clerk: Any, manager: Any, moment: Any
) -> None:
    kept(company, clerk, moment)
    with pytest.raises(ViewNameTaken):
        kept(company, clerk, moment, name=" Late ")
    kept(company, manager, moment)


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/c/other/items/", "javascript:x"]
)
def test_saving_leads_nowhere_else(client_of: Sign, clerk: Any, back: str) -> None:
    answer = client_of(clerk).post(NEW, {"name": "Late", "list": "items", "query": "", "back": back})
    assert answer["Location"].startswith("/c/acme/views/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"list": "records"},
        {"list": "nothing"},
        {"query": "a=" + "b" * 2500},
    ],
)
def test_what_cannot_be_kept_is_refused(client_of: Sign, clerk: Any, wrong: dict[str, str]) -> None:
    given = {"name": "Late", "list": "items", "query": "", "back": BACK, **wrong}
    assert client_of(clerk).post(NEW, given).status_code == 303
    assert not SavedView.objects.exists()


def test_another_company_sees_no_view(company: Any, other_company: Any, clerk: Any, moment: Any) -> None:
    set_default_view(user=clerk, view=kept(company, clerk, moment, shared=True))
    with serving(other_company.id):
        assert (views_of(user=clerk, lists=["items"]), default_queries(user=clerk)) == ([], {})
