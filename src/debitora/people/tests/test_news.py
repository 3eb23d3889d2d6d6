from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.people.models import ReadMark
from debitora.people.queries import news_for, unread_news
from debitora.people.rules import told_of
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject, system

Sign = Callable[[Any], Client]
HOME = "/c/acme/notifications/"


def happened(
    company: Any, verb: str, *, by: Actor | None = None, kind: str = "run", object_id: int = 7
) -> int:
    return record(
        company=company.id, by=by or system("daily"), at=now(), verb=verb, subjects=[Subject(kind, object_id)]
    )


def verbs(user: Any, role: str) -> list[str]:
    return [one.verb for one in news_for(user=user, role=role, at=now())]


def test_everybody_is_told_of_what_waits_for_her_and_of_what_she_did(
    company: Any, clerk: Any, manager: Any, sales: Any, auditor: Any
) -> None:
    happened(company, "run.proposed", by=Actor(clerk.id, "user", clerk.login))
    happened(company, "delivery.refused_perm", kind="intent")
    happened(company, "hold.placed")
    assert verbs(manager, "manager") == ["delivery.refused_perm", "run.proposed"]
    assert verbs(clerk, "clerk") == ["delivery.refused_perm", "run.proposed"]
    assert verbs(sales, "sales") == verbs(auditor, "auditor") == []
    assert told_of("sales")[0] == ()


def test_reading_is_each_persons_own_and_never_goes_back(
    client_of: Sign, company: Any, clerk: Any, manager: Any
) -> None:
    first = happened(company, "delivery.uncertain", kind="intent")
    client = client_of(clerk)
    assert (unread_news(user=clerk, role="clerk", at=now()), client.get(HOME).context["unread"]) == (1, 1)
    second = happened(company, "import.applied", kind="import")
    assert client.post(f"{HOME}read/", {"up_to": first}).status_code == 303
    assert unread_news(user=clerk, role="clerk", at=now()) == 1
    client.post(f"{HOME}read/", {"up_to": second})
    client.post(f"{HOME}read/", {"up_to": first})
    assert ReadMark.objects.get(user=clerk).up_to == second
    assert unread_news(user=clerk, role="clerk", at=now()) == 0
    assert unread_news(user=manager, role="manager", at=now()) == 2
    for nonsense in ("", "x", "9" * 30, str(second + 10**6)):
        assert client.post(f"{HOME}read/", {"up_to": nonsense}).status_code == 303
    assert ReadMark.objects.get(user=clerk).up_to == second


def test_the_frame_counts_and_the_page_leads_there(client_of: Sign, company: Any, clerk: Any) -> None:
    happened(company, "delivery.uncertain", kind="intent", object_id=41)
    page = client_of(clerk).get(HOME).content.decode()
    assert '<span class="bar-dot" aria-hidden="true">1</span>' in page
    assert "/c/acme/deliveries/41/" in page


def test_another_company_tells_nothing(company: Any, other_company: Any, clerk: Any) -> None:
    happened(company, "delivery.uncertain", kind="intent")
    with serving(other_company.id):
        assert verbs(clerk, "clerk") == []
