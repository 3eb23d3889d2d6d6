"""The record page: newest first, filtered, page by page, sealed or not yet, for manager and auditor only."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from debitora.desk.templatetags.desk import GROUPS, VERBS, facts_line, verb_word, verbs_of
from debitora.desk.templatetags.fact_words import all_of, subjects_of
from debitora.kit.runtime import clock_at
from debitora.messaging.rules.states import State
from debitora.people.models import Company
from debitora.receivables.actions import place_hold
from debitora.receivables.testing import a_customer
from debitora.trail.actions import record, seal
from debitora.trail.models import Record, Seal
from debitora.trail.rules import Actor, Subject, operating_system_account, system

Sign = Callable[[Any], Client]
PACKAGE = Path(__file__).parent.parent.parent
PAGE = "/c/acme/settings/record/"


@pytest.fixture
def written(company: Company, manager: Any, clerk: Any, moment: datetime) -> Iterator[Company]:
    """A hold by the clerk with a reason, a run by the system, a user by the command line; the first two are sealed."""
    hers = Actor(id=clerk.id, kind="user", label=clerk.login)
    held = a_customer(company.id, "10001", name="Muster & Söhne")
    place_hold(
        company=company.id, customer=held, reason="complaint", from_on=moment.date(), by=hers, at=moment
    )  # fmt: skip
    record(
        company=company.id, by=hers, at=moment, verb="hold.released", wording="agreed by phone",
        subjects=[Subject("hold", 1, held)],
    )  # fmt: skip
    record(company=company.id, by=system("daily"), at=moment, verb="run.proposed", facts={"notices": 1200})
    seal(company=company.id, at=moment)
    late = moment + timedelta(days=3)
    record(company=company.id, by=operating_system_account(), at=late, verb="company.added")
    with clock_at(late):
        yield company


def shown(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def verbs(client: Client, query: str = "") -> list[str]:
    return [one["row"].verb for one in client.get(PAGE + query).context["rows"]]


def test_the_record_tells_newest_first_who_did_what_to_whom_and_why(
    client_of: Sign, written: Company, manager: Any
) -> None:
    page = shown(client_of(manager))
    places = [
        page.index(text) for text in ("Company founded", "Run proposed", "Hold released", "Hold placed")
    ]
    assert places == sorted(places)
    assert "agreed by phone" in page
    assert "Muster &amp; Söhne" in page
    assert "1,200" in page


def test_what_is_not_sealed_yet_says_so(client_of: Sign, written: Company, manager: Any) -> None:
    rows = [one["row"] for one in client_of(manager).get(PAGE).context["rows"]]
    assert [row.sealed is None for row in rows][:2] == [True, False]
    assert "not sealed yet" in shown(client_of(manager))
    assert rows[1].sealed == Seal.objects.get(record_id=rows[1].id).sequence


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?group=holds", ["hold.released", "hold.placed"]),
        ("?who=system", ["run.proposed"]),
        ("?who=account", ["company.added"]),
        ("?since=20.11.2026", ["company.added"]),
        ("?group=holds&since=18.11.&until=18.11.", ["hold.released", "hold.placed"]),
        ("?group=holds&until=17.11.2026", []),
    ],
)
def test_the_record_is_narrowed(
    client_of: Sign, written: Company, auditor: Any, query: str, found: list[str]
) -> None:
    seen = [
        verb for verb in verbs(client_of(auditor), query) if verb not in ("grant.given", "customers.saved")
    ]
    if query == "?who=system":
        seen = [verb for verb in seen if verb != "company.added"]
    assert seen == found


def test_one_person_s_doings(client_of: Sign, written: Company, manager: Any, clerk: Any) -> None:
    assert verbs(client_of(manager), f"?who={clerk.id}") == ["hold.released", "hold.placed"]
    assert clerk.name in shown(client_of(manager), f"?who={clerk.id}")


@pytest.mark.parametrize(
    "query", ["?group=x", "?who=999999", "?since=31.02.", "?before=x", "?until=%00", "?who=-1"]
)
def test_what_nobody_understands_narrows_nothing(
    client_of: Sign, written: Company, manager: Any, query: str
) -> None:
    assert verbs(client_of(manager), query) == verbs(client_of(manager))


def test_more_than_a_page_goes_on_where_it_ended(
    client_of: Sign, written: Company, manager: Any, moment: datetime
) -> None:
    for _each in range(60):
        record(company=written.id, by=system("tests"), at=moment, verb="note.written")
    first = client_of(manager).get(PAGE).context
    second = client_of(manager).get(f"{PAGE}?before={first['more']}").context
    ids = [one["row"].id for page in (first, second) for one in page["rows"]]
    assert ids == list(Record.objects.order_by("-id").values_list("id", flat=True)[: len(ids)])
    assert (len(first["rows"]), second["more"]) == (50, None)


def test_an_empty_answer_leads_back(client_of: Sign, written: Company, manager: Any) -> None:
    assert "Nothing fits this filter" in shown(client_of(manager), "?group=holds&until=1.1.2020")


def test_one_record_shows_what_is_sealed(client_of: Sign, written: Company, manager: Any) -> None:
    released = Record.objects.get(verb="hold.released")
    page = client_of(manager).get(f"{PAGE}{released.id}/").content.decode()
    assert "agreed by phone" in page
    assert bytes(Seal.objects.get(record_id=released.id).hash).hex() in page
    panel = client_of(manager).get(
        f"{PAGE}{released.id}/", headers={"HX-Request": "true", "HX-Target": "panel"}
    )
    assert b"<html" not in panel.content
    assert b"Hold released" in panel.content


def test_one_record_speaks_in_words_and_keeps_what_is_sealed(
    client_of: Sign, written: Company, auditor: Any, clerk: Any
) -> None:
    client = client_of(auditor)
    client.post("/language/", {"language": "de", "next": "/"})
    placed = client.get(f"{PAGE}{Record.objects.get(verb='hold.placed').id}/").content.decode()
    assert clerk.name in placed
    assert "Reklamation" in placed
    assert "18.11.2026" in placed
    assert "hold.placed" in placed
    proposed = client.get(f"{PAGE}{Record.objects.get(verb='run.proposed').id}/").content.decode()
    assert "1.200" in proposed
    assert "· daily" in proposed


def test_an_unknown_record_is_not_there(client_of: Sign, written: Company, manager: Any) -> None:
    assert client_of(manager).get(f"{PAGE}{2**53}/").status_code == 404


def test_erased_words_leave_a_word_about_it(
    client_of: Sign, written: Company, manager: Any, moment: datetime
) -> None:
    released = Record.objects.select_related("wording").get(verb="hold.released")
    wording = released.wording
    wording.text, wording.erased_at = "", moment
    wording.save(update_fields=["text", "erased_at"])
    assert "text erased after its retention" in shown(client_of(manager))


def test_the_export_holds_exactly_the_view(client_of: Sign, written: Company, manager: Any) -> None:
    answer = client_of(manager).get(f"{PAGE}record.csv?group=holds")
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["Verb"] for line in lines] == ["hold.released", "hold.placed"]
    assert lines[0]["Reason"] == "agreed by phone"
    assert lines[0]["When"] == "2026-11-18T10:00:00+01:00"


@pytest.mark.parametrize("path", ["", "1/", "record.csv"])
def test_clerks_and_salespeople_do_not_audit(
    client_of: Sign, written: Company, clerk: Any, sales: Any, path: str
) -> None:
    for person in (clerk, sales):
        assert client_of(person).get(PAGE + path).status_code == 403


def test_another_company_s_record_is_not_there(
    client_of: Sign, written: Company, stranger: Any, manager: Any, moment: datetime
) -> None:
    assert client_of(stranger).get(PAGE).status_code == 404
    foreign = Record.objects.order_by("-id").values_list("id", flat=True)[0]
    assert client_of(stranger).get(f"/c/umbra/settings/record/{foreign}/").status_code == 404


def test_the_record_speaks_german(client_of: Sign, written: Company, manager: Any) -> None:
    client = client_of(manager)
    client.post("/language/", {"language": "de", "next": "/"})
    page = shown(client)
    assert "Mahnsperre gesetzt" in page
    assert "1.200" in page
    assert "noch nicht versiegelt" in page


def test_every_verb_that_an_action_writes_has_words() -> None:
    """Verbs stand in the sources as verb="…" or as the third argument of a room's own _record; templates add states."""
    written = {verb for path in sorted(PACKAGE.glob("*/actions/**/*.py")) for verb in _verbs_in(path)}
    written |= {verb for path in sorted(PACKAGE.glob("*/actions.py")) for verb in _verbs_in(path)}
    written |= {f"delivery.{state}" for state in (State.ACCEPTED, State.REFUSED_TEMP, State.REFUSED_PERM)}
    written |= {
        f"delivery.{State.UNCERTAIN}",
        "notice.no_recipient",
        "notice.render_failed",
        "notice.stopped",
    }
    written |= {"notice.withheld", "notice.reinstated"}
    assert len(written) > 40
    assert sorted(written - VERBS.keys()) == []


def _verbs_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        named = [keyword.value for keyword in node.keywords if keyword.arg == "verb"]
        placed = node.args if isinstance(node.func, ast.Name) and node.func.id == "_record" else []
        for value in [*named, *placed]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value:
                yield value.value


def test_every_group_has_verbs() -> None:
    assert {group for group, _word in VERBS.values()} == set(GROUPS)
    assert all(verbs_of(group) for group in GROUPS)


def test_unknown_verbs_and_facts_stay_readable() -> None:
    assert verb_word("moon.landed") == "moon.landed"
    assert facts_line({"sha256": "x", "number": "<b>7</b>", "on": "2026-11-18"}) == (
        "number &lt;b&gt;7&lt;/b&gt; · on 18/11/2026"
    )


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"minor": 119_000, "currency": "EUR", "kind": "invoice"}, ["sum EUR 1,190.00", "kind invoice"]),
        ({"reasons": ["paid", "moonlight"]}, ["reasons paid meanwhile, moonlight"]),
        ({"until": "2026-12-01", "before": 1234}, ["until 01/12/2026", "in place of hold no. 1234"]),
        ({"confirmed": False, "user": 7}, ["confirmed no", "person Erika"]),
        ({"moon": "landed", "number": "M26-1"}, ["number M26-1", "moon landed"]),
        ({"items": [4711, 4712]}, ["items 4711, 4712"]),
    ],
)
def test_facts_have_labels_and_values_for_people(facts: dict[str, Any], told: list[str]) -> None:
    said = all_of(facts, people={7: "Erika"})
    assert [f"{one.label} {one.value}".replace("\N{NO-BREAK SPACE}", " ") for one in said] == told


def test_objects_that_have_two_names_count_once() -> None:
    assert [(one.label, one.value) for one in subjects_of({"import": 1, "list_import": 1, "moon": 3})] == [
        ("imports", "1"),
        ("moon", "3"),
    ]
