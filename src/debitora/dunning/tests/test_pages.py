"""Every page as the roles that may see it, as one that may not, and with what is not theirs; every POST, twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import clear_script_prefix, reverse

from debitora.dunning.actions import approve_run, propose_run, release_run
from debitora.dunning.models import Notice, NoticeEvent, Run, RunApproval, Strategy
from debitora.dunning.queries.strategies import strategies
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company, a_run
from debitora.kit.pg.company import serving
from debitora.messaging.actions import lock_sending
from debitora.messaging.testing import a_sender
from debitora.people.models import Company, User
from debitora.receivables.models import Customer, Item
from debitora.receivables.testing import a_customer, an_open_item

ClientOf = Callable[[User], Client]


@pytest.fixture
def acme(company: Company) -> Company:
    ready = a_ready_company(company)
    a_late_payer(ready, "10001", minors=(11_900, 20_000))
    a_late_payer(ready, "10002", minors=(5_000,), email="")
    a_late_payer(ready, "10003", minors=(400,))
    return ready


@pytest.fixture
def run(acme: Company) -> int:
    return a_run(acme).run or 0


@pytest.fixture
def released(acme: Company, run: int) -> int:
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    return run


def here(name: str, *args: object) -> str:
    clear_script_prefix()  # an earlier request has left its company there
    return f"/c/acme{reverse(f'dunning:{name}', args=args)}"


def notice_of(number: str) -> int:
    return Notice.objects.get(customer__number=number).id


# ------------------------------------------------------------------------------------------- who sees what


def addresses(run: int) -> dict[str, str]:
    notice, item = notice_of("10001"), Item.objects.order_by("id")[0].id
    customer, strategy = Customer.objects.order_by("id")[0].id, strategies()[0].id
    return {
        "runs": here("runs"),
        "run": here("run", run),
        "others": f"{here('run', run)}?tab=others",
        "progress": here("progress", run),
        "csv": here("export", run, "notices", "csv"),
        "xlsx": here("export", run, "others", "xlsx"),
        "recipients": here("recipients"),
        "notice": here("notice", notice),
        "items": here("notice_items", notice),
        "preview": here("preview", notice, 1),
        "why": here("why", item),
        "customer_notices": here("customer_notices", customer),
        "item_notices": here("item_notices", item),
        "strategies": here("strategies"),
        "strategy": here("strategy", strategy),
        "versions": here("versions", strategy),
        "start": here("start"),
        "approval": here("approval", run),
        "new_strategy": here("new_strategy"),
    }


_OFFICE = {"runs", "run", "others", "progress", "csv", "xlsx", "recipients"}
_ALL = {"notice", "items", "preview", "why", "customer_notices", "item_notices"}
_SEEN = {
    "clerk": _OFFICE | _ALL | {"start"},
    "manager": _OFFICE | _ALL | {"start", "approval", "strategies", "strategy", "versions", "new_strategy"},
    "auditor": _OFFICE | _ALL | {"strategies", "strategy", "versions"},
}


@pytest.mark.parametrize("role", ["clerk", "manager", "auditor"])
@pytest.mark.parametrize("state", ["proposed", "released", "discarded"])
def test_pages_answer_the_roles_that_may_see_them(
    request: pytest.FixtureRequest, acme: Company, client_of: ClientOf, role: str, state: str
) -> None:
    run = request.getfixturevalue("released") if state == "released" else request.getfixturevalue("run")
    pages = addresses(run)
    if state == "discarded":
        propose_run(company=acme, on=ON, by=TESTS, at=MOMENT)
    client = client_of(request.getfixturevalue(role))
    answers = {name: client.get(address).status_code for name, address in pages.items()}
    assert answers == {name: 200 if name in _SEEN[role] else 403 for name in pages}


def test_panels_and_fragments_are_no_whole_pages(clerk: User, client_of: ClientOf, released: int) -> None:
    client = client_of(clerk)
    for address in (here("notice", notice_of("10001")), here("why", Item.objects.order_by("id")[0].id)):
        answer = client.get(address, headers={"hx-request": "true", "hx-target": "panel"})
        assert answer.status_code == 200
        assert b"<html" not in answer.content
        assert b"data-panel-title" in answer.content


def test_a_salesperson_sees_the_notices_of_her_own_customers_only(
    acme: Company, sales: User, client_of: ClientOf
) -> None:
    a_late_payer(acme, "20001", salesperson_id=sales.id)
    a_run(acme)
    client = client_of(sales)
    hers, other = notice_of("20001"), notice_of("10001")
    item = Item.objects.get(customer__number="20001").id
    assert client.get(here("notice", hers)).status_code == 200
    assert client.get(here("preview", hers, 1)).status_code == 200
    assert client.get(here("why", item)).status_code == 200
    assert client.get(here("notice", other)).status_code == 404
    assert client.get(here("notice_items", other)).status_code == 404
    assert client.get(here("preview", other, 1)).status_code == 404
    assert client.get(here("why", Item.objects.order_by("id")[0].id)).status_code == 404
    assert client.get(here("item_notices", Item.objects.order_by("id")[0].id)).status_code == 404
    assert client.get(here("customer_notices", Customer.objects.order_by("id")[0].id)).status_code == 404
    assert client.get(here("runs")).status_code == 403


def test_what_is_foreign_is_as_unknown_as_what_never_was(
    acme: Company, run: int, manager: User, other_company: Company, client_of: ClientOf
) -> None:
    with serving(other_company.id):
        a_ready_company(other_company)
        a_late_payer(other_company, "99999", name="MARKER Umbra Kunde")
        foreign = a_run(other_company).run or 0
        ids = {
            "run": foreign,
            "notice": Notice.objects.get().id,
            "strategy": Strategy.objects.order_by("id")[0].id,
            "why": Item.objects.get().id,
            "customer_notices": Customer.objects.get().id,
        }
    client, unknown = client_of(manager), 10**12
    for name, foreign_id in ids.items():
        theirs, nobodys = client.get(here(name, foreign_id)), client.get(here(name, unknown))
        assert theirs.status_code == nobodys.status_code == 404, name
        assert b"MARKER" not in theirs.content
    for name in ("approval", "discard", "withheld", "reinstated", "again"):
        answer = client.post(here(name, ids["run"]), {"reason": "x", "chosen": [ids["notice"]]})
        assert answer.status_code == 404, name
    for name in ("notice_withheld", "notice_reinstated", "notice_cancelled"):
        assert client.post(here(name, ids["notice"])).status_code == 404, name
    mine = client.post(here("withheld", run), {"chosen": [ids["notice"]]})
    assert mine.status_code == 303
    with serving(other_company.id):
        assert Run.objects.get().state == "proposed"
        assert not NoticeEvent.objects.exists()


POSTS = ["start", "approval", "discard", "withheld", "reinstated", "again"]


def test_who_may_only_look_changes_nothing(run: int, auditor: User, client_of: ClientOf) -> None:
    client, notice = client_of(auditor), notice_of("10001")
    paths = [here("start"), *(here(name, run) for name in POSTS[1:]), here("completed"), here("assigned")]
    paths += [here(f"notice_{verb}", notice) for verb in ("withheld", "reinstated", "cancelled")]
    paths += [here("strategy_saved", strategies()[0].id), here("new_strategy")]
    assert {client.post(path).status_code for path in paths} == {403}
    assert Run.objects.get().state == "proposed"


# ------------------------------------------------------------------------------------------------- the runs


def test_a_run_is_started_for_the_day_that_was_typed(acme: Company, clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    tried = client.post(here("start"), {"day": "18.11.2026", "only_try": "on"})
    assert tried.status_code == 200
    assert not Run.objects.exists()
    assert "customer has been" not in tried.content.decode()
    answer = client.post(here("start"), {"day": "18.11.2026"})
    assert answer.status_code == 303
    assert Run.objects.get().on == ON
    wrong = client.post(here("start"), {"day": "31.02."})
    assert wrong.status_code == 422
    assert "31.02." in wrong.content.decode()


def test_the_numbers_of_a_run_balance_on_its_page(run: int, clerk: User, client_of: ClientOf) -> None:
    answer = client_of(clerk).get(here("run", run))
    shown = answer.context["run"]
    assert (shown.overdue_items, shown.noticed_items, answer.context["not_noticed"]) == (4, 3, 1)
    others = client_of(clerk).get(f"{here('run', run)}?tab=others")
    assert [row.number for row in others.context["found"].rows] == ["R-10003-1"]
    assert others.context["reasons"] == [("below_minimum", "item too small", 1)]


def test_a_run_tells_what_is_missing(acme: Company, released: int, clerk: User, client_of: ClientOf) -> None:
    """The lock is told of by the frame, once; the run tells of all else that keeps sending locked."""
    missing, address = "Something is still missing for sending", here("run", released)
    a_sender(acme.id)
    lock_sending(company=acme.id, note="", by=TESTS, at=MOMENT)
    page = client_of(clerk).get(address).content.decode()
    assert (page.count("<strong>Sending is locked"), missing in page) == (1, False)
    a_sender(acme.id, imprint="")
    assert missing in client_of(clerk).get(address).content.decode()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["10001", "10002"]),
        ("?q=10002", ["10002"]),
        ("?q=nobody", []),
        ("?state=no_recipient", ["10002"]),
        ("?sort=-sum", ["10001", "10002"]),
        ("?sort=sum", ["10002", "10001"]),
        ("?sort=;drop&after=rubbish&state=unheard", ["10001", "10002"]),
    ],
)
def test_notices_of_a_run_are_found_and_sorted(
    run: int, clerk: User, client_of: ClientOf, query: str, numbers: list[str]
) -> None:
    answer = client_of(clerk).get(here("run", run) + query)
    assert [row.customer_number for row in answer.context["found"].rows] == numbers


def test_a_long_list_goes_on_where_it_ended(acme: Company, clerk: User, client_of: ClientOf) -> None:
    for number in range(55):
        a_late_payer(acme, f"3{number:04}")
    run = a_run(acme).run or 0
    client, seen, address = client_of(clerk), [], here("run", run)
    after = ""
    while True:
        found = client.get(f"{address}?after={after}").context["found"]
        seen += [row.id for row in found.rows]
        if found.next is None:
            break
        after = found.next
    assert len(seen) == len(set(seen)) == 57


def test_an_export_holds_exactly_the_view_and_no_formula(
    acme: Company, clerk: User, client_of: ClientOf
) -> None:
    a_late_payer(acme, "40001", name="=cmd|' /C calc'!A0")
    run = a_run(acme).run or 0
    client = client_of(clerk)
    answer = client.get(f"{here('export', run, 'notices', 'csv')}?q=40001")
    text = b"".join(answer.streaming_content).decode()
    assert "'=cmd" in text
    assert "10001" not in text
    whole = b"".join(client.get(here("export", run, "notices", "csv")).streaming_content).decode()
    assert len(whole.splitlines()) == 4
    assert client.get(here("export", run, "nothing", "csv")).status_code == 404
    assert client.get(here("export", run, "notices", "exe")).status_code == 404


# ------------------------------------------------------------------------------------------------- approving


def test_approving_shows_the_consequences_and_happens_once(
    run: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    found = client.get(here("approval", run)).context["found"]
    assert (found.notices, found.by_mail, found.by_letter, found.without_recipient) == (2, 1, 0, 1)
    assert found.sums == {"EUR": 36_900}
    assert client.post(here("approval", run)).status_code == 303
    again = client.post(here("approval", run), follow=True)
    assert "approved already" in again.content.decode()
    assert RunApproval.objects.count() == 1


def test_an_unlikely_run_asks_for_one_more_word(acme: Company, manager: User, client_of: ClientOf) -> None:
    for number in range(51):
        a_late_payer(acme, f"5{number:04}")
    run, client = a_run(acme).run or 0, client_of(manager)
    assert client.post(here("approval", run)).status_code == 422
    assert Run.objects.get().state == "proposed"
    assert client.post(here("approval", run), {"confirmed": "on"}).status_code == 303


def test_discarding_needs_a_reason(run: int, manager: User, client_of: ClientOf) -> None:
    client = client_of(manager)
    client.post(here("discard", run), {"reason": " "})
    assert Run.objects.get().state == "proposed"
    client.post(here("discard", run), {"reason": "old list"})
    assert Run.objects.get().state == "discarded"
    assert "old list" in client.get(here("run", run)).content.decode()
    assert client.post(here("discard", run), {"reason": "again"}).status_code == 303
    assert client.post(here("approval", run)).status_code == 303
    assert not RunApproval.objects.exists()


def test_chosen_notices_are_withheld_and_reinstated(run: int, clerk: User, client_of: ClientOf) -> None:
    client, ids = client_of(clerk), list(Notice.objects.values_list("id", flat=True))
    for _time in range(2):
        client.post(here("withheld", run), {"chosen": ids, "reason": "look first"})
    assert NoticeEvent.objects.filter(kind="withheld").count() == 2
    client.post(here("reinstated", run), {"chosen": [ids[0], "rubbish"]})
    assert NoticeEvent.objects.filter(kind="reinstated").count() == 1
    single = here("notice", ids[0])
    client.post(f"{single}withheld/", {"reason": "he called"})
    assert "withheld" in client.get(single).content.decode()
    client.post(f"{single}reinstated/")
    assert NoticeEvent.objects.filter(kind="reinstated").count() == 2


# ------------------------------------------------------------------------------------------------ one notice


def test_the_pdf_is_exactly_the_stored_one_and_cannot_do_anything(
    released: int, clerk: User, client_of: ClientOf
) -> None:
    import hashlib

    notice = notice_of("10001")
    answer = client_of(clerk).get(here("letter", notice))
    made = NoticeEvent.objects.get(notice_id=notice, kind="rendered")
    assert made.document is not None
    assert hashlib.sha256(answer.content).hexdigest() == made.document.sha256
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client_of(clerk).get(here("letter", notice_of("10002"))).status_code == 404


def test_a_preview_stores_nothing(run: int, clerk: User, client_of: ClientOf) -> None:
    client, notice = client_of(clerk), notice_of("10001")
    picture = client.get(here("preview", notice, 1))
    assert picture.content.startswith(b"\x89PNG")
    assert client.get(here("preview", notice, 2)).status_code == 404
    assert client.get(here("letter", notice)).status_code == 404
    assert not NoticeEvent.objects.exists()


def test_the_mail_is_shown_as_it_was_made(released: int, clerk: User, client_of: ClientOf) -> None:
    text = client_of(clerk).get(here("notice", notice_of("10001"))).content.decode()
    assert "payer10001@debtor.example" in text
    assert "R-10001-1" in text


def test_a_queued_notice_is_cancelled_once(released: int, clerk: User, client_of: ClientOf) -> None:
    client, notice = client_of(clerk), notice_of("10001")
    client.post(here("notice_cancelled", notice))
    late = client.post(here("notice_cancelled", notice), follow=True)
    assert "too late" in late.content.decode()
    assert NoticeEvent.objects.filter(kind="cancelled").count() == 1


def test_what_could_not_be_made_can_be_tried_again(acme: Company, clerk: User, client_of: ClientOf) -> None:
    a_late_payer(acme, "10009", name="\U0001f9fe receipts")
    run = a_run(acme).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    client = client_of(clerk)
    assert here("again", run) in client.get(here("run", run)).content.decode()
    assert "tried again" in client.post(here("again", run), follow=True).content.decode()


# ------------------------------------------------------------------------------------------ without a recipient


def test_recipients_are_completed_in_one_go(
    acme: Company, released: int, clerk: User, auditor: User, client_of: ClientOf
) -> None:
    client, asked = client_of(clerk), "Type an e-mail address, or"
    waiting = Customer.objects.get(number="10002").id
    assert asked in client.get(here("recipients")).content.decode()
    assert asked not in client_of(auditor).get(here("recipients")).content.decode()
    wrong = client.post(here("completed"), {f"email-{waiting}": "no address"})
    assert wrong.status_code == 422
    assert 'value="no address"' in wrong.content.decode()
    assert client.post(here("completed"), {}).status_code == 303
    good = client.post(here("completed"), {f"email-{waiting}": "new@debtor.example"}, follow=True)
    assert "Everybody can be written to" in good.content.decode()
    assert Customer.objects.get(id=waiting).party.email == "new@debtor.example"


# ---------------------------------------------------------------------------------------------------- why


def test_the_card_tells_what_was_decided_and_what_would_change_it(
    acme: Company, run: int, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    small = Item.objects.get(number="R-10003-1").id
    text = client.get(here("why", small)).content.decode()
    assert "item too small" in text
    credit = an_open_item(acme.id, a_customer(acme.id, "60001"), number="G-9", minor=-500).id
    assert "There is nothing to decide" in client.get(here("why", credit)).content.decode()
