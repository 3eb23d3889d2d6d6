"""A company of 60 customers lives through a year in weekly steps; after each the ledger's identities are recomputed.

DEBITORA_SEED chooses another year. The identities are those of the domain: 1 open amounts, 2 balances, 5 decisions,
6 holds, levels and contacts, 7 effects outside. They are asked in SQL of their own, apart from the code that writes.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from debitora.demo.generator import generate
from debitora.demo.truth import Truth
from debitora.dunning.actions import approve_run, follow, install_presets, propose_run, release_run, withhold
from debitora.dunning.testing import SENDER
from debitora.exchange.actions import apply_taken, confirm_list, preview_list, take_list, undo_import
from debitora.kit.store import place_of
from debitora.messaging.actions import (
    confirm_installation,
    install_texts,
    mark_printed,
    save_sender,
    send_due,
    try_server,
)
from debitora.people.models import Company
from debitora.receivables.actions import allocate, place_hold, release_hold
from debitora.receivables.queries import balance_as_of
from debitora.trail.rules import system
from debitora.values.money import Money
from tests.smtp_server import Reply, Script, SmtpServer

BEGIN = date(2025, 11, 17)
WEEKS = 52
SEED = int(os.environ.get("DEBITORA_SEED", "7"))
BY = system("simulation")

IDENTITIES = {
    "1: open amounts are their entries less their allocations": """
        select s.item_id, s.open_minor, m.minor from receivables_itemstate s
        left join lateral (
            select coalesce(sum(x), 0) as minor from (
                select e.amount_minor as x from receivables_entry e where e.item_id = s.item_id
                union all select -a.amount_minor from receivables_allocation a where a.debit_item_id = s.item_id
                union all select a.amount_minor from receivables_allocation a where a.credit_item_id = s.item_id
            ) moves
        ) m on true
        where s.open_minor <> m.minor""",
    "2: what a customer owes is the sum of her entries": """
        select i.customer_id, i.currency, sum(s.open_minor), sum(e.minor) from receivables_item i
        join receivables_itemstate s on s.item_id = i.id
        join (select item_id, sum(amount_minor) as minor from receivables_entry group by 1) e on e.item_id = i.id
        group by 1, 2 having sum(s.open_minor) <> sum(e.minor)""",
    "6: levels are the rises, one per notice at most": """
        select s.item_id, s.level, coalesce(sum(e.raised), 0) from receivables_itemstate s
        left join receivables_levelevent e on e.item_id = s.item_id
        group by 1, 2 having s.level <> coalesce(sum(e.raised), 0)
        union all
        select item_id, notice_id, count(*) from receivables_levelevent where raised > 0
        group by 1, 2 having count(*) > 1""",
    "6: a rise needs a message that left": """
        select e.item_id, e.notice_id, 0 from receivables_levelevent e where not exists (
            select from messaging_intent i
            where i.subject_id = e.notice_id and i.kind = 'notice' and i.state in ('accepted', 'printed')
        )""",
    "7: a notice leaves once per channel and recipient": """
        select subject_id, channel, count(*) from messaging_intent where state in ('accepted', 'printed')
        group by subject_id, channel, recipient having count(*) > 1""",
}
ON_A_RUN = {
    "5: each overdue item has exactly one decision": """
        select coalesce(d.item_id, s.item_id), d.n, s.item_id is null from
            (select item_id, count(*) as n from dunning_decided where run_id = %(run)s and reason <> 2 group by 1) d
        full join
            (select item_id from receivables_itemstate where open_minor > 0 and due_on < %(on)s) s
            on s.item_id = d.item_id
        where d.item_id is null or s.item_id is null or d.n <> 1""",
    "5: noticed and not noticed are all": """
        select r.overdue_items, count(d.item_id), 0 from dunning_run r
        left join dunning_decided d on d.run_id = r.id and d.reason <> 2
        where r.id = %(run)s group by 1 having r.overdue_items <> count(d.item_id)""",
    "5: what is noticed stands on a notice, and nothing else": """
        select d.item_id, d.reason, l.item_id from (select * from dunning_decided where run_id = %(run)s) d
        full join (
            select l.* from dunning_noticeline l join dunning_notice n on n.id = l.notice_id
            where n.run_id = %(run)s and l.kind in ('due', 'upcoming')
        ) l on l.item_id = d.item_id
        where (d.reason in (1, 2)) is distinct from (l.item_id is not null)""",
    "6: nothing held is noticed": """
        select l.item_id, h.id, 0 from dunning_noticeline l
        join dunning_notice n on n.id = l.notice_id and n.run_id = %(run)s
        join receivables_hold h on h.customer_id = n.customer_id
            and (h.item_id is null or (h.item_id = l.item_id and h.amount_minor is null))
        left join receivables_holdrelease r on r.hold_id = h.id
        where l.kind = 'due' and h.from_on <= %(on)s and (h.until_on is null or h.until_on >= %(on)s)
          and (r.effective_on is null or r.effective_on > %(on)s) and h.recorded_at < %(at)s""",
}


@dataclass(slots=True)
class Year:
    """The company and its year so far; `balance` by currency as of the last step, `seen` the documents looked at, `step` from look to look."""

    company: Company
    truth: Truth
    mail: SmtpServer
    rng: Random
    at: datetime
    balance: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    happened: Counter[str] = field(default_factory=Counter)
    step: timedelta = timedelta(weeks=1)

    @property
    def on(self) -> date:
        return self.at.date()

    def clock(self) -> datetime:
        return self.at


@pytest.fixture
def year(committed: str, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    truth = generate(seed=SEED, customers=60, items=900, months=14, on=BEGIN + timedelta(weeks=WEEKS))
    at = datetime.combine(BEGIN, time(9), tzinfo=UTC)
    with SmtpServer() as mail:
        server = {"smtp_host": mail.host, "smtp_port": mail.port, "smtp_security": "none"}
        with transaction.atomic():
            confirm_installation(at=at)
            install_presets(company=company, by=BY, at=at)
            install_texts(company=company.id, by=BY, at=at)
        save_sender(company=company.id, changes={**SENDER, **server}, by=BY, at=at)
        try_server(company=company.id, by=BY, at=at)
        yield Year(company, truth, mail, Random(SEED), at)


@pytest.mark.slow
def test_a_year_keeps_what_must_be_true(year: Year) -> None:
    print(f"DEBITORA_SEED={SEED}")
    bring_in(year, "customers", year.truth.customers_csv())
    for week in range(WEEKS):
        year.at = datetime.combine(BEGIN + timedelta(weeks=week), time(9), tzinfo=UTC)
        _live(year, week)
        look(year)
    print(dict(year.happened))
    wanted = {
        "list",
        "undone",
        "hold",
        "released",
        "allocation",
        "run",
        "accepted",
        "refused_temp",
        "withheld",
    }
    assert wanted <= set(year.happened), "the year was too quiet to prove anything"


def test_a_planted_difference_is_found(year: Year) -> None:
    """The negative control: one cent and one level too much are seen by three identities."""
    bring_in(year, "items", year.truth.list_csv(year.on))
    look(year)
    with transaction.atomic():
        _change(
            "update receivables_itemstate set open_minor = open_minor - 1, level = level + 1 where item_id ="
            " (select min(item_id) from receivables_itemstate where open_minor > 1)"
        )
        found = [identity for identity, sql in IDENTITIES.items() if _rows(sql)]
        transaction.set_rollback(True)
    assert [identity[0] for identity in found] == ["1", "2", "6"]


def _change(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# ------------------------------------------------------------------------------------------------- one week


def _live(year: Year, week: int) -> None:
    taken = bring_in(year, "items", year.truth.list_csv(year.on))
    if taken and week % 10 == 9:
        undo_import(company=year.company, list_import=taken, reason="by mistake", by=BY, at=year.at)
        year.happened["undone"] += 1
        bring_in(year, "items", year.truth.list_csv(year.on))
    _holds(year)
    _allocations(year)
    remind(year)


def bring_in(year: Year, kind: str, data: bytes) -> int | None:
    """The import's id; None where the list changes nothing."""
    taken = take_list(
        company=year.company, kind=kind, source="ERP", data=data, name=f"{kind}.csv", as_of=year.on, by=BY,
        at=year.at,
    )  # fmt: skip
    if preview_list(company=year.company, list_import=taken.id, at=year.at).state == "nothing":
        return None
    confirm_list(company=year.company, list_import=taken.id, confirmed=True, by=BY, at=year.at)
    assert apply_taken(company=year.company, list_import=taken.id, by=BY, clock=year.clock).state == "applied"
    year.happened["list"] += 1
    return taken.id


def _holds(year: Year) -> None:
    """A hold on an item, a part of it or its customer; and now and then one is lifted."""
    found = _rows(
        "select item_id, customer_id, open_minor, currency from receivables_itemstate"
        " where open_minor > 1 and due_on < %(on)s order by item_id",
        on=year.on,
    )
    for item, customer, minor, currency in year.rng.sample(found, min(2, len(found))):
        kind = year.rng.choice(("item", "amount", "customer"))
        place_hold(
            company=year.company.id,
            customer=customer,
            item=None if kind == "customer" else item,
            amount=Money(year.rng.randint(1, minor), currency) if kind == "amount" else None,
            reason=year.rng.choice(("clarification", "promise", "complaint")),
            from_on=year.on,
            until_on=year.on + timedelta(days=year.rng.randint(0, 40)),
            by=BY,
            at=year.at,
        )
        year.happened["hold"] += 1
    standing = _rows(
        "select id from receivables_hold h where not exists (select from receivables_holdrelease r"
        " where r.hold_id = h.id) and until_on > %(on)s and from_on < %(on)s order by id",
        on=year.on,
    )
    if standing and year.rng.random() < 0.4:
        (hold,) = year.rng.choice(standing)
        release_hold(company=year.company.id, hold=hold, on=year.on, by=BY, at=year.at)
        year.happened["released"] += 1


def _allocations(year: Year) -> None:
    """Put a part of an open credit against an invoice of the same customer and currency."""
    pairs = _rows(
        "select c.item_id, d.item_id, least(-c.open_minor, d.open_minor), d.currency from receivables_itemstate c"
        " join receivables_itemstate d using (customer_id, currency)"
        " where c.open_minor < 0 and d.open_minor > 0 order by 1, 2"
    )
    if pairs and year.rng.random() < 0.5:
        credit, debit, most, currency = year.rng.choice(pairs)
        allocate(
            company=year.company.id, credit_item=credit, debit_item=debit,
            amount=Money(year.rng.randint(1, most), currency), on=year.on, by=BY, at=year.at,
        )  # fmt: skip
        year.happened["allocation"] += 1


def remind(year: Year) -> None:
    """A run, approved, made and sent; one week in six the mail server is greylisting us."""
    proposed = propose_run(company=year.company, on=year.on, by=BY, at=year.at)
    year.happened["run"] += 1
    run = proposed.run or 0
    for identity, sql in ON_A_RUN.items():
        assert _rows(sql, run=run, on=year.on, at=year.at + timedelta(hours=1)) == [], (identity, year.on)
    notices = [
        one for (one,) in _rows("select id from dunning_notice where run_id = %(run)s order by id", run=run)
    ]
    if notices and year.rng.random() < 0.3:
        withhold(company=year.company.id, notices=[year.rng.choice(notices)], note="", by=BY, at=year.at)
        year.happened["withheld"] += 1
    approve_run(company=year.company.id, run=run, by=BY, at=year.at, confirmed=True)
    release_run(company=year.company, run=run, by=BY, clock=year.clock)
    year.mail.play(Script(rcpt=Reply(451)) if year.rng.random() < 1 / 6 else Script())
    year.happened.update(send_due(company=year.company.id, clock=year.clock))
    letters = [
        one for (one,) in _rows("select id from messaging_intent where channel = 'letter' order by id")
    ]
    year.happened["printed"] += len(
        mark_printed(company=year.company.id, intents=letters, by=BY, at=year.at).printed
    )
    follow(company=year.company, by=BY, at=year.at)


# ------------------------------------------------------------------------------------------- what must be true


def look(year: Year) -> None:
    for identity, sql in IDENTITIES.items():
        assert _rows(sql) == [], (identity, year.on)
    _closing_is_opening_and_movements(year)
    _contacts_keep_to_the_cap(year)
    _the_world_outside_agrees(year)
    _documents_have_their_bytes(year)


def _closing_is_opening_and_movements(year: Year) -> None:
    """Identity 2, over time: the balance of the last step and what counts since make today's."""
    moved = Counter(year.balance)
    since = _rows(
        "select i.currency, sum(e.amount_minor)::bigint from receivables_entry e"
        " join receivables_item i on i.id = e.item_id"
        " where e.effective_on > %(before)s and e.effective_on <= %(on)s group by 1",
        before=year.on - year.step,
        on=year.on,
    )
    for currency, minor in since:
        moved[currency] += minor
    with transaction.atomic():
        closing = balance_as_of(on=year.on)
    assert {name: minor for name, minor in moved.items() if minor} == {
        name: minor for name, minor in closing.items() if minor
    }, ("2: opening and movements are closing", year.on)
    year.balance = closing


def _contacts_keep_to_the_cap(year: Year) -> None:
    """Identity 6: runs keep to two contacts in seven days with companies, one in ten with all others.

    What waited for its turn (a refusal that passes) may leave later: then the day of its run counts.
    """
    touched = _rows(
        "select n.customer_id, c.kind, r.on from dunning_notice n"
        " join dunning_run r on r.id = n.run_id join receivables_customer c on c.id = n.customer_id"
        " where exists (select from messaging_intent i where i.subject_id = n.id and i.kind = 'notice'"
        "   and i.state in ('accepted', 'printed') and i.state_at::date = r.on) and r.on > %(since)s",
        since=year.on - timedelta(days=10),
    )
    for customer, kind, _on in touched:
        touches, days = (2, 7) if kind == "business" else (1, 10)
        first = year.on - timedelta(days=days - 1)
        of_hers = [on for other, _, on in touched if other == customer and on >= first]
        assert len(of_hers) <= touches, ("6: contacts", customer, of_hers)


def _the_world_outside_agrees(year: Year) -> None:
    """Identity 7: what the mail server took is what is believed to be sent, each message once."""
    arrived = [str(message_from_bytes(mail.data)["Message-ID"]) for mail in year.mail.mails]
    assert len(set(arrived)) == len(arrived), "7: a message arrived twice"
    believed = _rows("select recipient from messaging_intent where channel = 'mail' and state = 'accepted'")
    recipients = Counter(recipient for mail in year.mail.mails for recipient in mail.recipients)
    assert recipients == Counter(recipient for (recipient,) in believed), ("7: sent and arrived", year.on)


def _documents_have_their_bytes(year: Year) -> None:
    """Identity 7: every document lies under the hash of its bytes."""
    for (digest,) in _rows("select sha256 from documents_blob"):
        if digest not in year.seen:
            data = place_of(company=year.company.id, digest=digest).read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest
            year.seen.add(digest)


def _rows(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall())
